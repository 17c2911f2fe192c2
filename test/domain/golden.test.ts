import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type DigestDomain, digest } from '../../functions/domain/digest.ts';
import { evidenceDigest } from '../../functions/domain/gates/judge-gate.ts';
import { mergeRequirements } from '../../functions/domain/policy/merge.ts';
import { eventDigest } from '../../functions/domain/promotion/evolve.ts';
import { emptyHead, revisionDigest, swap } from '../../functions/domain/promotion/head.ts';
import { decisionDigest, judge } from '../../functions/domain/promotion/judge.ts';
import { promotionAfter } from '../support/decider-specification.ts';
import {
  alice,
  asks,
  assessmentFacts,
  contentOf,
  environmentNamed,
  NOON,
  testReport,
} from '../support/promotion-facts.ts';
import { promotionIn } from '../support/promotions.ts';

/** What is stored for years: were one of these to change, every digest in every tenant's records would be wrong. */
const fixture = z
  .array(z.object({ name: z.string(), domain: z.string(), value: z.json(), digest: z.string() }))
  .parse(JSON.parse(readFileSync(new URL('./fixtures/golden.json', import.meta.url), 'utf8')));

type Golden = {
  readonly name: string;
  readonly domain: DigestDomain;
  readonly value: unknown;
  readonly digest: string;
};

/** The values and digests that the code makes today, from promotions that never change. */
function today(): readonly Golden[] {
  const { state, events } = promotionIn('completed');
  const { seal } = state;
  const decision = judge({
    promotion_id: state.id,
    seal,
    evidence: [testReport()],
    conditions: {},
    approvals: state.approvals,
    as_of: NOON,
  });
  const { policy_digest, ...policy } = seal.requirements;
  const slot = { subject: state.subject, environment: 'production', gateway: 'gw-789' };
  const { revision } = swap(emptyHead(slot, NOON), {
    digest: contentOf('golden'),
    cause: { by: 'execute', promotion_id: state.id },
    actor: { ...alice, email: '' },
    deployment_id: 'dep-900',
    now: NOON,
  });
  const artifact = mergeRequirements({
    environment: environmentNamed('production'),
    rules: [],
    policies: [],
    kind: 'artifact',
  });
  const { policy_digest: artifactDigest, ...artifactPolicy } = artifact;
  return [
    { name: 'manifest', domain: 'sluice/manifest/v1', value: seal.manifest, digest: seal.manifest_digest },
    { name: 'policy', domain: 'sluice/policy/v1', value: policy, digest: policy_digest },
    { name: 'artifact policy', domain: 'sluice/policy/v1', value: artifactPolicy, digest: artifactDigest },
    { name: 'decision', domain: 'sluice/decision/v1', value: decision, digest: decisionDigest(decision) },
    {
      name: 'evidence',
      domain: 'sluice/evidence/v1',
      value: testReport(),
      digest: evidenceDigest(testReport()),
    },
    { name: 'revision', domain: 'sluice/revision/v1', value: revision, digest: revisionDigest(revision) },
    {
      name: 'change set',
      domain: 'sluice/change-set/v1',
      value: seal.plan.change_set,
      digest: seal.plan.change_set_digest,
    },
    ...events.map(
      (stored): Golden => ({
        // Those of before `rules` are frozen as `event N`.
        name: `event ${stored.seq} of rules 1`,
        domain: 'sluice/event/v1',
        value: stored,
        digest: eventDigest(stored),
      }),
    ),
  ];
}

describe('golden digests', () => {
  it.each(fixture)('$name is digested as it always was', ({ domain, value, digest: expected }) => {
    const known = today().find((golden) => golden.domain === domain);
    if (known === undefined) throw new Error(`nobody digests in ${domain} any more`);
    expect(digest(known.domain, value)).toBe(expected);
  });

  it.each(today())('$name is made as it always was', ({ name, value, digest: made }) => {
    const frozen = fixture.find((golden) => golden.name === name);
    expect(JSON.parse(JSON.stringify(value))).toEqual(frozen?.value);
    expect(made).toBe(frozen?.digest);
  });

  it('the chain of a whole promotion is frozen, link by link', () => {
    const { events, state } = promotionIn('completed');
    const links = fixture.filter(({ name }) => name.endsWith(' of rules 1'));
    expect(links).toHaveLength(events.length);
    expect(events.map(({ prev }) => prev)).toEqual([null, ...links.slice(0, -1).map((link) => link.digest)]);
    expect(state.chain).toBe(links.at(-1)?.digest);
  });

  it('the manifest digest moves with each part of it, and not with the base', () => {
    const digestOf = (changes: Parameters<typeof asks.request>[0]) =>
      promotionAfter(asks.request(changes)).state.seal.manifest_digest;
    const facts = assessmentFacts();
    const plan = { ...facts.plan, source: { ...facts.plan.source, digest: contentOf('other') } };
    const digests = [
      digestOf({}),
      digestOf({ subject: { kind: 'agent', name: 'agent-124' } }),
      digestOf({ promotion_type: 'rollback' }),
      digestOf({ target_slot: 'production#gw-790' }),
      digestOf({ target_environment: 'elsewhere' }),
      digestOf({ execution: 'automatic' }),
      digestOf({ facts: { ...facts, plan } }),
      digestOf({ facts: { ...facts, plan: { ...facts.plan, change_set_digest: contentOf('other') } } }),
      digestOf({
        facts: { ...facts, requirements: { ...facts.requirements, policy_digest: contentOf('other') } },
      }),
    ];
    expect(new Set(digests).size).toBe(digests.length);
    const rebased = { ...facts.plan, base: { digest: contentOf('untouched'), version: 9 } };
    expect(digestOf({ facts: { ...facts, plan: rebased } })).toBe(digests[0]);
    expect(digestOf({ id: 'prom-2' })).toBe(digests[0]);
  });
});
