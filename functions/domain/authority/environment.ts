import type { Environment, VerificationSetting } from '../catalog/environment.ts';
import type { CertificateSigner, GateProvider, GateSetting } from '../gates/gate.ts';
import { isAtMost, passesNoMore } from '../policy/weakening/gates.ts';
import type { Weakening } from '../policy/weakening/weakening.ts';
import { KINDS } from '../subject.ts';
import type { Authority, Members } from './class.ts';
import { both, differ, only, redirects, within } from './find.ts';
import { mergedHops, replaced } from './hops.ts';

const providerMembers: Members<GateProvider> = {
  type: 'merged',
  url: ['merged', redirects<GateProvider>('url', 'another address is asked')],
  secret_ref: [redirects<GateProvider>('secret_ref', 'questions are signed by another secret')],
  public_keys: 'merged',
  trusted_root_ref: [
    { is: 'weakens', when: 'another trusted root', holds: (step) => differ('trusted_root_ref', step) },
  ],
  children: 'merged',
};

const signerMembers: Members<CertificateSigner> = {
  identity: 'merged',
  issuer: 'merged',
  trusted_root: 'merged',
};

const gateMembers: Members<GateSetting> = {
  name: 'merged',
  mode: 'merged',
  applies_to: 'merged',
  format: 'merged',
  max_age: 'merged',
  thresholds: 'merged',
  producers: 'merged',
  signers: within('signer', signerMembers, ({ signers = [] }) => {
    return new Map(signers.map((signer) => [`${signer.identity} ${signer.issuer}`, signer]));
  }),
  provider: within('gate_provider', providerMembers, ({ provider }) => only(provider)),
  timeout_seconds: 'neutral',
};

const verificationMembers: Members<VerificationSetting> = {
  gate: [{ is: 'weakens', when: 'another gate, or it is gone' }],
  within: [
    {
      is: 'weakens',
      when: 'a longer time',
      holds: ({ before, after }) => both(before, after, (was, is) => !isAtMost(is.within, was.within)),
    },
  ],
  on_failure: [
    {
      is: 'weakens',
      when: 'what fails stays',
      holds: ({ before, after }) => before?.on_failure === 'rollback' && after?.on_failure === 'none',
    },
  ],
  format: [{ is: 'weakens', when: 'another format', holds: (step) => differ('format', step) }],
  thresholds: [
    {
      is: 'weakens',
      when: 'they are not known to pass as little',
      holds: ({ before, after }) =>
        both(before, after, ({ thresholds: was }, { thresholds: is }) =>
          was === undefined || is === undefined ? was !== is : !passesNoMore(is, was),
        ),
    },
  ],
  producers: [{ is: 'weakens', when: 'other producers', holds: (step) => differ('producers', step) }],
};

export const environmentAuthority: Authority<Environment> = {
  members: {
    name: 'fixed',
    aliases: 'merged',
    rank: 'merged',
    protected: 'merged',
    tag_suffix: [redirects<Environment>('tag_suffix', 'its tags have another ending', ['artifact'])],
    gates: within('gate', gateMembers, ({ gates }) => new Map(gates.map((gate) => [gate.name, gate]))),
    owned_keys: [
      {
        is: 'weakens',
        when: 'a pattern is gone: promotions write what was its own',
        kinds: ['config'],
        holds: ({ before, after }) =>
          both(before, after, (was, is) => was.owned_keys.some((key) => !is.owned_keys.includes(key))),
      },
    ],
    rollback: 'merged',
    verification: within('verification', verificationMembers, ({ verification }) => only(verification)),
    artifact_repository: [
      redirects<Environment>('artifact_repository', 'another registry or repository', ['artifact']),
    ],
    lock: 'verb',
    tenant_lock: 'verb',
    incarnation: 'fixed',
  },
  concerns: ({ name }) => [name],
  kinds: KINDS,
  reads: ['hops', 'machines'],
  merged: mergedHops(({ environments }, step) => ({
    environments: replaced(environments, step, ({ name }) => name),
  })),
};

/** What lifting a lock does: it weakens, and one admin alone may do it, as in an incident. */
export const liftedLock = ({ name }: Pick<Environment, 'name'>): Weakening => ({
  environment: name,
  what: 'lock',
  kinds: KINDS,
});
