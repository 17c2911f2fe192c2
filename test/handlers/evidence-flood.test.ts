import { beforeEach, describe, expect, it } from 'vitest';
import type { Digest } from '../../functions/domain/digest.ts';
import { evidenceDigest } from '../../functions/domain/gates/judge-gate.ts';
import { MOST_KEPT } from '../../functions/domain/gates/kept-reports.ts';
import { replayDecision } from '../../functions/use-cases/promotions/replay-decision.ts';
import { ACME, DEV_ACTOR } from './api-world.ts';
import { as, asking, EVIDENCE, freshWorld, requested, stateOf, world } from './evidence-world.ts';
import { report } from './gates-world.ts';

beforeEach(freshWorld);

const at = (second: number) => `2026-11-21T09:00:${String(second).padStart(2, '0')}.000Z`;

/** A report of somebody at a second, made then or earlier. */
async function brought(
  subject: Digest,
  second: number,
  { passed, made = second }: { passed: boolean; made?: number },
) {
  world.at(at(second));
  const document = { passed, second };
  const posted = { gate: 'tests', format: 'json', subject_digest: subject, document, produced_at: at(made) };
  const { status, body } = await as('dev')('POST', EVIDENCE, posted);
  expect(status).toBe(201);
  return body.evidence;
}

const kept = (subject: Digest) => world.deps.evidence.about(ACME, subject, ['tests']);

describe('a flood of reports', () => {
  it('keeps the latest of its producer, and hides nobody else’s', async () => {
    await asking({ producers: ['ci'] });
    const { path, subject } = await requested();
    const trusted = report('tests', subject, { producer: { ...DEV_ACTOR, subject: 'ci' } });
    await world.commit(ACME, { write: 'evidence', evidence: trusted });
    const last = 3 * MOST_KEPT;
    for (let second = 1; second <= last; second += 1) await brought(subject, second, { passed: false });
    const left = await kept(subject);
    const numbers = left.flatMap(({ result }) => result['second'] ?? []);
    expect(numbers).toEqual(Array.from({ length: MOST_KEPT }, (_, n) => last - MOST_KEPT + 1 + n));
    expect(left).toHaveLength(MOST_KEPT + 1);
    expect(await stateOf(path)).toMatchObject({
      status: 'approved',
      gates: [{}, { evidence: [evidenceDigest(trusted)] }],
    });
  });

  it('of reports of long ago does not hide the latest of the same producer', async () => {
    await asking();
    const { path, subject } = await requested();
    const latest = await brought(subject, 30, { passed: false });
    for (let n = 0; n < 2 * MOST_KEPT; n += 1) await brought(subject, 31 + n, { passed: true, made: n });
    expect(await stateOf(path)).toMatchObject({ status: 'blocked', gates: [{}, { evidence: [latest] }] });
    expect(await kept(subject)).toHaveLength(MOST_KEPT);
  });

  it('takes no decision its evidence', async () => {
    await asking();
    const { id, subject, path } = await requested();
    const first = await brought(subject, 1, { passed: true });
    for (let second = 2; second < 20; second += 1) await brought(subject, second, { passed: false });
    const retired = await world.deps.evidence.retired(ACME, subject, [first]);
    expect(retired).toMatchObject([{ result: { second: 1 } }]);
    const events = (await as('dev')('GET', `${path}/timeline`)).body.items;
    for (const { seq, type } of events) {
      if (type !== 'PromotionAssessed') continue;
      expect(await replayDecision(world.deps, { tenant: ACME, id, seq })).toMatchObject({ same: true });
    }
  });
});
