import type { ArtifactRepository, Environment, VerificationSetting } from '../catalog/environment.ts';
import type { CertificateSigner, GateProvider, GateSetting } from '../gates/gate.ts';
import type { Weakening } from '../policy/weakening/weakening.ts';
import { KINDS } from '../subject.ts';
import type { Authority, Members } from './class.ts';
import { only, within } from './find.ts';
import { mergedHops, replaced } from './hops.ts';

const providerMembers: Members<GateProvider> = {
  type: 'merged',
  url: 'merged',
  secret_ref: 'neutral',
  public_keys: 'merged',
  trusted_root_ref: 'neutral',
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
  gate: 'neutral',
  within: 'neutral',
  on_failure: 'neutral',
  format: 'neutral',
  thresholds: 'neutral',
  producers: 'neutral',
};

const repositoryMembers: Members<ArtifactRepository> = { registry: 'neutral', repository: 'neutral' };

export const environmentAuthority: Authority<Environment> = {
  members: {
    name: 'fixed',
    aliases: 'merged',
    rank: 'merged',
    protected: 'merged',
    tag_suffix: 'neutral',
    gates: within('gate', gateMembers, ({ gates }) => new Map(gates.map((gate) => [gate.name, gate]))),
    owned_keys: 'neutral',
    rollback: 'merged',
    verification: within('verification', verificationMembers, ({ verification }) => only(verification)),
    artifact_repository: within('artifact_repository', repositoryMembers, (item) =>
      only(item.artifact_repository),
    ),
    lock: 'verb',
    tenant_lock: 'verb',
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
