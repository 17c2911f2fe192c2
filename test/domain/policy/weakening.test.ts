import { describe, expect, it } from 'vitest';
import { findings } from '../../../functions/domain/authority/find.ts';
import { artifactSettingsAuthority } from '../../../functions/domain/authority/places.ts';
import type { ApprovalPolicy } from '../../../functions/domain/catalog/approval-policy.ts';
import type { Environment } from '../../../functions/domain/catalog/environment.ts';
import { DEFAULT_PIPELINE } from '../../../functions/domain/catalog/pipeline.ts';
import type { Rule } from '../../../functions/domain/catalog/rule.ts';
import type { GateSetting } from '../../../functions/domain/gates/gate.ts';
import { type Governing, weakenedHops } from '../../../functions/domain/policy/weakening/weakening.ts';
import { type Decider, weakenedPeople } from '../../../functions/domain/policy/weakening/who.ts';
import { NOON } from '../../support/promotion-facts.ts';

const stamp = { version: 1, created_at: NOON, updated_at: NOON };
const policy = (changes: Partial<ApprovalPolicy> = {}): ApprovalPolicy => ({
  id: 'pol-1',
  name: 'two',
  environments: ['production'],
  required_approvers: 2,
  groups: [{ group: 'security', min: 1 }],
  separation_of_duties: { requester: true, author: true, previous_promoter: true, evidence_producer: true },
  expires_after: 'P2D',
  require_comment: true,
  ...stamp,
  ...changes,
});
const rule = (changes: Partial<Rule> = {}): Rule => ({
  id: 'rule-1',
  name: 'approved',
  source_environment: 'staging',
  target_environment: 'production',
  requires_approval: true,
  required_approvers: 3,
  auto_promote: false,
  conditions: null,
  status: 'active',
  ...stamp,
  ...changes,
});
const tests: GateSetting = {
  name: 'tests',
  mode: 'block',
  applies_to: ['artifact'],
  format: 'junit',
  max_age: 'P7D',
  thresholds: { field: 'failed', op: 'lte', value: 0 },
  producers: ['ci'],
};
const production = (changes: Partial<Environment> = {}): readonly Environment[] =>
  DEFAULT_PIPELINE(NOON).map((one) =>
    one.name === 'production' ? { ...one, gates: [tests], ...changes } : one,
  );
const gate = (changes: Partial<GateSetting>) => ({
  environments: production({ gates: [{ ...tests, ...changes }] }),
});
const governing = (changes: Partial<Governing> = {}): Governing => ({
  environments: production(),
  rules: [],
  policies: [policy()],
  ...changes,
});
const policies = (changes: Partial<ApprovalPolicy>) => ({ policies: [policy(changes)] });
const duty = (relation: string) =>
  policies({ separation_of_duties: { ...policy().separation_of_duties, [relation]: false } });
const without = (name: keyof GateSetting) => {
  const { [name]: _, ...rest } = tests;
  return {
    environments: production({
      gates: [{ ...rest, name: 'tests', mode: 'block', applies_to: ['artifact'] }],
    }),
  };
};
const moved = production().map((one) => (one.name === 'staging' ? { ...one, rank: 99 } : one));

/** Each makes a hop weaker; the other way round it makes it stricter. */
const WEAKER: readonly (readonly [string, string, Partial<Governing>])[] = [
  ['fewer approvers', 'required_approvers', policies({ required_approvers: 1 })],
  ['a group less', 'groups', policies({ groups: [] })],
  ['separation of the requester off', 'separation_of_duties', duty('requester')],
  ['separation of authors off', 'separation_of_duties', duty('author')],
  ['approvals that hold longer', 'expires_after', policies({ expires_after: 'P3D' })],
  ['no comment', 'require_comment', policies({ require_comment: false })],
  ['a policy removed', 'required_approvers', { policies: [] }],
  ['a policy for elsewhere', 'groups', policies({ environments: ['staging'] })],
  ['an environment unprotected', 'protected', { environments: production({ protected: false }) }],
  [
    'rollbacks without approval',
    'required_approvers',
    { policies: [], environments: production({ rollback: { requires_approval: false } }) },
  ],
  ['a gate removed', 'gate:tests', { environments: production({ gates: [] }) }],
  ['a gate that warns', 'gate:tests', gate({ mode: 'warn' })],
  ['a gate for another kind', 'gate:tests', gate({ applies_to: ['agent'] })],
  ['a threshold loosened', 'gate:tests', gate({ thresholds: { field: 'failed', op: 'lte', value: 3 } })],
  [
    'a threshold that is another',
    'gate:tests',
    gate({ thresholds: { field: 'skipped', op: 'lte', value: 0 } }),
  ],
  ['a higher max_age', 'gate:tests', gate({ max_age: 'P8D' })],
  ['no max_age', 'gate:tests', without('max_age')],
];

describe('a weakening', () => {
  it.each(WEAKER)('is %s', (_, what, changes) => {
    const found = weakenedHops(governing(), governing(changes), []);
    expect(found.map((one) => one.what)).toContain(what);
    expect(new Set(found.map(({ environment }) => environment))).toEqual(new Set(['production']));
  });

  it.each(WEAKER.filter(([title]) => !/another|elsewhere/.test(title)))(
    'is not the reverse of %s',
    (_, __, changes) => {
      const from = governing(changes);
      const to = governing('policies' in changes && changes.environments ? { policies: [] } : {});
      expect(weakenedHops(from, to, [])).toEqual([]);
    },
  );

  it.each([
    ['a producer added', { producers: ['ci', 'laptop'] }],
    [
      'a signer added',
      { signers: [{ identity: 'x@acme.com', issuer: 'https://i', trusted_root: 'sha256:00' as const }] },
    ],
    // The latest report decides: without its producer an older yes does.
    ['a producer removed, whose no would count no more', { producers: [] }],
    ['another format', { format: 'json' }],
    ['a provider asked instead', { provider: { type: 'http', url: 'https://p', secret_ref: 's' } as const }],
  ])('is %s', (_, changes) => {
    expect(weakenedHops(governing(), governing(gate(changes)), []).map(({ what }) => what)).toEqual([
      'gate:tests',
    ]);
  });

  const asking = (more: object) =>
    governing(
      gate({ provider: { type: 'registry', public_keys: ['a', 'b'], children: true, ...more } as const }),
    );

  it.each([
    ['a key added', { public_keys: ['a', 'b', 'c'] }, ['gate:tests']],
    ['children that nobody need sign', { children: false }, ['gate:tests']],
    ['the same keys in another order', { public_keys: ['b', 'a'] }, []],
    ['another secret for the root that signers pin', { trusted_root_ref: 'sluice/acme/registry/r' }, []],
  ])('is, or is not, %s of a gate that asks the registry', (_, changes, expected) => {
    const found = weakenedHops(asking({}), asking(changes), []).map(({ what }) => what);
    expect(found).toEqual(expected);
  });

  it.each([
    ['a rule with fewer approvers', rule({ required_approvers: 2 })],
    ['a rule that rests', rule({ status: 'inactive' })],
    ['a rule about another hop', rule({ source_environment: 'development' })],
  ])('is %s', (_, after) => {
    const strict = governing({ policies: [], rules: [rule()] });
    const loose = governing({ policies: [], rules: [after] });
    expect(weakenedHops(strict, loose, []).map(({ what }) => what)).toContain('required_approvers');
    expect(weakenedHops(loose, strict, [])).toEqual([]);
  });

  it('is to promote from elsewhere, but not a new environment at the end', () => {
    const found = weakenedHops(governing(), governing({ environments: moved }), []);
    expect(found).toContainEqual({
      environment: 'production',
      what: 'source_environment',
      ...{ kinds: ['config', 'artifact', 'agent'], from: 'staging', to: 'development' },
    });
    const [first] = production();
    if (first === undefined) throw new Error('a pipeline has environments');
    const more = [...production(), { ...first, name: 'dr', aliases: [], rank: 99 }];
    expect(weakenedHops(governing(), governing({ environments: more }), [])).toEqual([]);
  });

  it('is a policy that names the group of a machine, which may approve by that', () => {
    const after = governing(
      policies({
        groups: [
          { group: 'security', min: 1 },
          { group: 'bots', min: 1 },
        ],
      }),
    );
    expect(weakenedHops(governing(), after, [])).toEqual([]);
    expect(weakenedHops(governing(), after, ['bots']).map(({ what }) => what)).toEqual(['machine_approvals']);
  });

  it('says whom it concerns: a gate of artifacts nothing but artifacts', () => {
    const found = weakenedHops(governing(), governing({ environments: production({ gates: [] }) }), []);
    const from = expect.stringMatching(/^block \([0-9a-f]{32}\)$/);
    const ends = { type: 'promotion', from, to: 'none' };
    expect(found).toEqual([{ environment: 'production', what: 'gate:tests', kinds: ['artifact'], ...ends }]);
  });
});

const someone: Decider = { email: 'bob@acme.com', grants: [{ role: 'developer' }], groups: [], active: true };
const machine: Decider = { ...someone, machine: { owner: 'dev', identity: '1/ci/AROA' } };
const admin: Decider = { ...someone, grants: [{ role: 'admin' }] };
const approver: Decider = { ...someone, grants: [{ role: 'approver' }] };

describe('a weakening of who decides', () => {
  const whats = (before: Decider | undefined, after: Decider | undefined) => [
    ...new Set(
      weakenedPeople(before, after, governing()).map(({ environment, what }) => `${environment} ${what}`),
    ),
  ];
  const everywhere = (what: string) =>
    ['development', 'staging', 'production'].map((name) => `${name} ${what}`);

  it.each<[string, Decider | undefined, Decider | undefined, readonly string[]]>([
    ['a deciding role given', someone, approver, everywhere('role:approver')],
    [
      'one given in one environment',
      someone,
      { ...someone, grants: [{ role: 'promoter', environment: 'production' }] },
      ['production role:promoter'],
    ],
    ['a new member who decides', undefined, approver, everywhere('role:approver')],
    ['a member who decides again', { ...approver, active: false }, approver, everywhere('role:approver')],
    [
      'a person added to a named group',
      someone,
      { ...someone, groups: ['security'] },
      ['production group:security'],
    ],
    ['a machine bound', undefined, machine, everywhere('machine')],
    [
      'a machine bound to another role',
      machine,
      { ...machine, machine: { owner: 'dev', identity: '1/ci/AROB' } },
      everywhere('machine'),
    ],
    [
      'another owner of a machine',
      machine,
      { ...machine, machine: { owner: 'bob', identity: '1/ci/AROA' } },
      everywhere('machine_owner'),
    ],
    [
      'another address of someone who decides',
      approver,
      { ...approver, email: 'eve@acme.com' },
      everywhere('email'),
    ],
    ['an admin made', someone, admin, everywhere('admin')],
    ['an admin demoted', admin, someone, everywhere('admin')],
    ['an admin removed', admin, undefined, everywhere('admin')],
    ['an admin deactivated', admin, { ...admin, active: false }, everywhere('admin')],
  ])('is %s', (_, before, after, expected) => {
    expect(whats(before, after)).toEqual(expected);
  });

  it.each<[string, Decider | undefined, Decider | undefined]>([
    ['a deciding role taken', approver, someone],
    ['a member removed', approver, undefined],
    ['another address of someone who decides nothing', someone, { ...someone, email: 'eve@acme.com' }],
    ['a group left', { ...someone, groups: ['security'] }, someone],
    ['a group that nothing names', someone, { ...someone, groups: ['chess'] }],
    ['a machine deleted', machine, undefined],
    ['a new member who decides nothing', undefined, someone],
  ])('is not %s', (_, before, after) => {
    expect(whats(before, after)).toEqual([]);
  });
});

describe('the verification of copies', () => {
  const settings = (verification: 'digest_match' | 'signature_match' | undefined) =>
    verification && { id: 'artifacts' as const, cross_registry_sync: false, verification, ...stamp };
  const world = { ...governing(), environments: DEFAULT_PIPELINE(NOON).slice(0, 2) };
  const weakened = (before: 'digest_match' | 'signature_match' | undefined, after: typeof before) =>
    findings(
      'artifact_settings',
      artifactSettingsAuthority,
      { before: settings(before), after: settings(after) },
      { ...world, machines: [], freezes: [], now: NOON },
    );

  it('is weaker in every environment where signatures are asked for no more', () => {
    const everywhere = DEFAULT_PIPELINE(NOON)
      .slice(0, 2)
      .map(({ name }) => ({
        environment: name,
        what: 'verification',
        kinds: ['artifact'],
      }));
    expect(weakened('signature_match', 'digest_match')).toEqual(everywhere);
    // Taken away, the default holds.
    expect(weakened('signature_match', undefined)).toEqual(everywhere);
  });

  it('is not weaker where it stays, or asks for more', () => {
    expect(weakened('signature_match', 'signature_match')).toEqual([]);
    expect(weakened('digest_match', 'signature_match')).toEqual([]);
    expect(weakened(undefined, 'digest_match')).toEqual([]);
    expect(weakened('digest_match', undefined)).toEqual([]);
  });
});
