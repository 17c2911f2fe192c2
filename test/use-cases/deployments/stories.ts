import fc from 'fast-check';
import type {
  Commit,
  Deployment,
  DeploymentStatus,
} from '../../../functions/domain/deployment/deployment.ts';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import { SYSTEM } from '../../../functions/domain/identity/principal.ts';
import { addDuration } from '../../../functions/domain/instant.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import { reportDeployment } from '../../../functions/use-cases/deployments/report.ts';
import type { DeploymentReport } from '../../../functions/use-cases/deployments/request.ts';
import { rollUpDeployments } from '../../../functions/use-cases/deployments/roll-up.ts';
import { ended } from '../../../functions/use-cases/engine/ended.ts';
import { live } from '../../../functions/use-cases/engine/outcome.ts';
import { CI, T0, TENANT, type World } from './world.ts';

export const PLACES = ['staging', 'development'] as const;
export const SUBJECTS = [
  { kind: 'artifact', name: 'platform' },
  { kind: 'artifact', name: 'other' },
] as const;
const STATUSES = ['DEPLOYED', 'DEPLOYED', 'DEPLOYED', 'FAILED', 'ROLLED_BACK', 'PENDING'] as const;
/** Made one a day, from twelve days before the stories begin. */
const COMMITS: readonly Commit[] = Array.from({ length: 14 }, (_, at) => ({
  sha: `c${at}`,
  committed_at: addDuration(addDuration(T0, '-P12D'), `P${at}D`),
}));

/** One thing that happens, so many minutes after the last; its numbers choose among what is there. */
export type Act = {
  readonly what: 'record' | 'report' | 'promote' | 'settle' | 'roll back' | 'count' | 'count twice at once';
  readonly minutes: number;
  readonly place: number;
  readonly subject: number;
  readonly status: number;
  readonly times: 'none' | 'all' | 'began' | 'end' | 'days ago' | 'days ago, began';
  readonly commits: readonly number[];
  readonly which: number;
};

const number = (most: number) => fc.integer({ min: 0, max: most });

/** Deployments of two subjects to two environments, recorded in time and days late, promoted, retried, taken back and counted. */
export const STORIES = fc.array(
  fc.record<Act>({
    what: fc.oneof(
      { weight: 6, arbitrary: fc.constant('record' as const) },
      { weight: 4, arbitrary: fc.constantFrom('report', 'count') },
      { weight: 2, arbitrary: fc.constantFrom('promote', 'settle', 'roll back', 'count twice at once') },
    ),
    minutes: fc.oneof(number(3), number(300)),
    place: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: number(1) }),
    subject: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: number(1) }),
    status: number(STATUSES.length - 1),
    times: fc.constantFrom('none', 'all', 'began', 'end', 'days ago', 'days ago, began'),
    commits: fc.array(number(COMMITS.length - 1), { maxLength: 5 }),
    which: number(99),
  }),
  { minLength: 3, maxLength: 35 },
);

/** Every deployment of the tenant. */
export async function allOf({ deployments }: Pick<World['deps'], 'deployments'>): Promise<Deployment[]> {
  const found: Deployment[] = [];
  for (const environment of PLACES) {
    let after: string | undefined;
    do {
      const page = { limit: 100, ...(after === undefined ? {} : { after }) };
      const { items, next } = await deployments.list(TENANT, { by: 'environment', environment }, page);
      found.push(...items);
      after = next;
    } while (after !== undefined);
  }
  return found;
}

/** Lets a story happen, and counts until nothing is left to count. */
export async function tell(
  world: Pick<World, 'deps' | 'advance' | 'commit'>,
  story: readonly Act[],
): Promise<void> {
  for (const [at, act] of story.entries()) {
    world.advance(`PT${act.minutes}M`);
    await happen(world, act, at);
  }
  do world.advance('PT1M');
  while ((await count(world)) > 0);
}

async function happen(
  world: Pick<World, 'deps' | 'advance' | 'commit'>,
  act: Act,
  at: number,
): Promise<void> {
  const now = world.deps.clock.now();
  switch (act.what) {
    case 'record':
      await recordDeployment(world.deps, { principal: CI, report: reportOf(act, at, now) });
      return;
    case 'report': {
      const one = pick(await allOf(world.deps), act, ({ recorded }) => recorded);
      const status =
        one?.status === 'PENDING' ? (['DEPLOYED', 'FAILED'] as const) : (['ROLLED_BACK', 'FAILED'] as const);
      const report = { status: status[act.status % 2] ?? 'FAILED' };
      if (one !== undefined) await reportDeployment(world.deps, { principal: CI, id: one.id, report });
      return;
    }
    case 'promote':
      await world.commit({ write: 'deployment', deployment: promoted(act, at, now), expected: 0 });
      return;
    case 'settle': {
      const one = pick(
        await allOf(world.deps),
        act,
        ({ recorded, status }) => !recorded && status === 'PENDING',
      );
      if (one === undefined) return;
      const failed: Deployment = { ...one, status: 'FAILED', completed_at: now, version: one.version + 1 };
      const deployment = act.status % 2 === 0 ? live(one, now) : failed;
      await world.commit({ write: 'deployment', deployment, expected: one.version });
      return;
    }
    case 'roll back': {
      const one = pick(await allOf(world.deps), act, ({ status }) => status === 'DEPLOYED');
      if (one === undefined) return;
      const { environment, subject } = one;
      const begun = promoted(act, at, addDuration(now, `-PT${act.status}M`));
      const asked = { type: 'rollback', tenant: TENANT, requested_at: begun.created_at } as const;
      const deployment = { ...live({ ...begun, environment, subject }, now), version: 1 };
      await world.commit(...(await ended(world.deps, asked, { deployment_id: one.id }, now)), {
        write: 'deployment',
        deployment,
        expected: 0,
      });
      return;
    }
    case 'count':
      await count(world);
      return;
    case 'count twice at once':
      await Promise.all([count(world), count(world)]);
      return;
    default:
      act.what satisfies never;
  }
}

async function count({ deps }: Pick<World, 'deps'>): Promise<number> {
  const { counted, faults } = await rollUpDeployments(deps, { most: 1_000, milliseconds: 3_600_000 });
  for (const { error } of faults) throw error;
  return counted;
}

function pick(
  all: readonly Deployment[],
  { which }: Act,
  wanted: (one: Deployment) => boolean,
): Deployment | undefined {
  const found = all.filter(wanted).sort((a, b) => (a.id < b.id ? -1 : 1));
  return found[which % found.length];
}

function reportOf(act: Act, at: number, now: string): DeploymentReport {
  const status: DeploymentStatus = STATUSES[act.status] ?? 'DEPLOYED';
  const began = addDuration(
    now,
    act.times.startsWith('days ago') ? `-P${1 + (act.which % 9)}D` : `-PT${act.which}M`,
  );
  const end = addDuration(began, `PT${Math.min(act.which, act.status * 7)}M`);
  const told = {
    none: {},
    all: { deployed_at: began, completed_at: end, live_at: end },
    began: { deployed_at: began },
    end: { deployed_at: began, completed_at: end },
    'days ago': { deployed_at: began, completed_at: end, live_at: end },
    'days ago, began': { deployed_at: began },
  }[act.times];
  const { deployed_at, completed_at, live_at } = {
    completed_at: undefined,
    live_at: undefined,
    deployed_at: undefined,
    ...told,
  };
  return {
    id: `r-${at}`,
    subject: SUBJECTS[act.subject] ?? SUBJECTS[0],
    environment: PLACES[act.place] ?? PLACES[0],
    status,
    ...(deployed_at === undefined ? {} : { deployed_at }),
    ...(completed_at === undefined || status === 'PENDING' ? {} : { completed_at }),
    ...(live_at === undefined || status === 'PENDING' || status === 'FAILED' ? {} : { live_at }),
    details: detailsOf(act, deployed_at ?? now),
  };
}

function promoted(act: Act, at: number, now: string): Deployment {
  return {
    id: `p-${at}`,
    subject: SUBJECTS[act.subject] ?? SUBJECTS[0],
    digest: digestOfBytes(`p-${at}`),
    environment: PLACES[act.place] ?? PLACES[0],
    status: 'PENDING',
    deployed_at: now,
    recorded: false,
    recorded_by: SYSTEM,
    // A promotion that is tried again is the same one, with another deployment.
    promotion_id: `pro-${act.which % 3}`,
    metrics: {},
    details: detailsOf(act, now),
    created_at: now,
    version: 1,
  };
}

/** Nobody ships a commit that is not made yet, but for clocks that disagree by half an hour. */
function detailsOf({ commits, which }: Act, began: string): Deployment['details'] {
  const made = addDuration(began, 'PT30M');
  const known = [...new Set(commits)].flatMap((at) => COMMITS[at] ?? []);
  return {
    ...(commits.length === 0 ? {} : { commits: known.filter(({ committed_at }) => committed_at <= made) }),
    ...(which % 3 === 0 ? {} : { unplanned: which % 3 === 1 }),
  };
}
