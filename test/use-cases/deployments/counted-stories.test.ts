import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitsOf, type Deployment } from '../../../functions/domain/deployment/deployment.ts';
import { NO_DEPLOYMENTS, withCounted } from '../../../functions/domain/deployment/tally.ts';
import { times } from '../../support/length.ts';
import { memoryStores } from '../../support/replayed-stores.ts';
import { allOf, PLACES, STORIES, SUBJECTS, tell } from './stories.ts';
import { createWorld, TENANT } from './world.ts';

/** A plain computation over the whole history: it looks at every deployment for each, and knows nothing of an order of counting. */
function counted(one: Deployment, all: readonly Deployment[]) {
  const { status, deployed_at, completed_at, live_at, details } = one;
  if (status === 'PENDING') throw new Error(`${one.id} is not counted`);
  const served = known(one);
  const others = all.filter(
    ({ id, environment, subject }) =>
      id !== one.id && environment === one.environment && subject.name === one.subject.name,
  );
  const shipped = others.filter((other) => lives(other) && before(other, one) && end(other) > place(one));
  const old = shipped.flatMap((other) => commitsOf(other) ?? []).map(({ sha }) => sha);
  const fresh = (commitsOf(one) ?? []).filter(({ sha }) => !old.includes(sha));
  const first = fresh.map(({ committed_at }) => committed_at).sort()[0];
  const failures = others.filter((other) => {
    const at = failure(other);
    if (at === undefined || !lives(one) || at > place(one)) return false;
    const sooner = others.filter((third) => third !== other && lives(third) && before(third, one));
    return sooner.every((third) => place(third) < at);
  });
  const until = served ?? '';
  return {
    status,
    live: live_at !== undefined,
    ...(completed_at === undefined || untimed(one) ? {} : { duration: seconds(deployed_at, completed_at) }),
    ...(first === undefined || !lives(one) || served === undefined ? {} : { lead: seconds(first, until) }),
    ...(typeof details['unplanned'] === 'boolean' ? { unplanned: details['unplanned'] } : {}),
    recoveries:
      served === undefined
        ? []
        : failures.map((other) => seconds(failure(other) ?? '', until)).sort(ascending),
  };
}

const lives = ({ status, live_at }: Deployment) => status !== 'PENDING' && live_at !== undefined;
const untold = ({ recorded, live_at, created_at }: Deployment) => recorded && live_at === created_at;
const untimed = ({ recorded, deployed_at, completed_at, created_at }: Deployment) =>
  recorded && deployed_at === created_at && completed_at === created_at;
const known = (one: Deployment) => (untold(one) ? one.completed_at : one.live_at);
const place = (one: Deployment) => known(one) ?? one.live_at ?? '';
const before = (a: Deployment, b: Deployment) =>
  place(a) < place(b) || (place(a) === place(b) && a.id < b.id);
const end = ({ status, ended_at, completed_at }: Deployment) =>
  status === 'DEPLOYED' ? '9999' : (ended_at ?? completed_at ?? '');
const failure = (one: Deployment) => {
  if (one.status !== 'FAILED' && one.status !== 'ROLLED_BACK') return undefined;
  const at = one.failed_at ?? one.ended_at ?? one.completed_at;
  return at === undefined || at > place(one) ? at : place(one);
};
const seconds = (from: string, to: string) =>
  Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1_000));
const ascending = (a: number, b: number) => a - b;

describe('deployments counted one after the other, in any order', () => {
  it('add up to what the whole history says', async () => {
    const seen = { recoveries: 0, leads: 0, late: 0 };
    await fc.assert(
      fc.asyncProperty(STORIES, async (story) => {
        const world = await createWorld(memoryStores);
        await tell(world, story);
        const all = await allOf(world.deps);
        const sums = new Map<string, typeof NO_DEPLOYMENTS>();
        for (const one of all.filter(({ status }) => status !== 'PENDING')) {
          const truth = counted(one, all);
          const { recoveries = [], ...rest } = one.counted ?? {};
          expect({ ...rest, recoveries: [...recoveries].sort(ascending) }, one.id).toEqual(truth);
          seen.recoveries += recoveries.length;
          seen.leads += truth.lead === undefined ? 0 : 1;
          for (const scope of [one.environment, `${one.environment} ${one.subject.name}`]) {
            const name = `${one.deployed_at.slice(0, 10)} ${scope}`;
            sums.set(name, withCounted(sums.get(name) ?? NO_DEPLOYMENTS, truth, 1));
          }
        }
        for (const environment of PLACES) {
          for (const subject of [undefined, ...SUBJECTS]) {
            const scope = subject === undefined ? { environment } : { environment, subject };
            const days = await world.deps.rollUps.span(TENANT, scope, {
              from: '2026-01-01',
              to: '2027-01-01',
            });
            const name = subject === undefined ? environment : `${environment} ${subject.name}`;
            const found = days.map(({ day, kinds }) => [`${day} ${name}`, kinds.artifact]);
            const wanted = [...sums].filter(([key]) => key.slice(11) === name).sort();
            expect(found).toEqual(wanted);
          }
        }
      }),
      { numRuns: times(150, 10_000) },
    );
    // The stories have what they are about.
    expect(seen.recoveries).toBeGreaterThan(50);
    expect(seen.leads).toBeGreaterThan(50);
  });
});
