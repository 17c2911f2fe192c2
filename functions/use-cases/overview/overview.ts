import type { Environment } from '../../domain/catalog/environment.ts';
import type { Digest } from '../../domain/digest.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import type { Freeze as Stopping } from '../../domain/promotion/commands.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Head, Subject } from '../../domain/subject.ts';
import { type HeadStore, movesOf } from '../../ports/head-store.ts';
import { roleMissing } from '../access/authorize.ts';
import type { Deps } from '../deps.ts';
import { freezeOf } from '../freezes/judge.ts';
import type { KindDeps } from '../kinds/kind.ts';
import { promotionsWaitingFor } from '../promotions/waiting-for.ts';

export type OverviewDeps = KindDeps &
  Pick<Deps, 'changes' | 'promotions' | 'catalog' | 'clock' | 'heads' | 'deployments'>;

/** The head of a place where something is active. */
export type Active = Head & { readonly digest: Digest };

/** What moves of what a principal may read, and what shows whether anything that runs has changed. */
export type Glimpse = {
  readonly as_of: string;
  /** In the order of the pipeline, each with what stops it now. */
  readonly environments: readonly { readonly environment: Environment; readonly freeze?: Stopping }[];
  /** Open promotions, newest first: the newest 100, and all that wait for the principal. */
  readonly promotions: readonly PromotionState[];
  /** The ids of those that wait for the principal; at most `MOST_WAITING`. */
  readonly waiting: readonly string[];
  /** Whether `waiting` has all that wait for the principal. */
  readonly complete: boolean;
  /** How often the heads of each environment had moved. */
  readonly moves: ReadonlyMap<string, number>;
};

/** Everything that runs. */
export type Running = {
  readonly subjects: readonly { readonly subject: Subject; readonly heads: readonly Active[] }[];
  /** Whether these are the heads that the environments had counted: only then they stay while the counts do. */
  readonly counted: boolean;
};

/** What waits for one person, in one answer: more than a person follows at once; the list has the rest. */
const MOST_WAITING = 100;

/** What moves and what waits for a principal; reads no head. Refuses `not_authorized`. */
export async function glimpseOverview(
  deps: OverviewDeps,
  { principal }: { readonly principal: Principal },
): Promise<Glimpse | Refusal> {
  // No denial is kept: everybody's first page asks for this, and a denial each time would say nothing.
  const refusal = roleMissing(principal, 'read');
  if (refusal !== undefined) return refusal;
  const { tenant } = principal;
  const page = { limit: MOST_WAITING };
  const [moves, all, freezes, waits] = await Promise.all([
    deps.heads.moves(tenant),
    deps.catalog.all(tenant, 'environment'),
    deps.catalog.all(tenant, 'freeze'),
    promotionsWaitingFor(deps, { principal, filter: {}, page }),
  ]);
  if (isRefusal(waits)) return waits;
  const newest = new Set(waits.newest.map(({ id }) => id));
  const as_of = deps.clock.now();
  const readable = all.filter(({ name }) => may(principal, 'read', name)).sort((a, b) => a.rank - b.rank);
  return {
    as_of,
    environments: readable.map((environment) => {
      const freeze = freezeOf(freezes, environment, as_of);
      return freeze === undefined ? { environment } : { environment, freeze };
    }),
    promotions: [...waits.newest, ...waits.items.filter(({ id }) => !newest.has(id))],
    waiting: waits.items.map(({ id }) => id),
    complete: waits.complete && waits.next === undefined,
    moves: new Map(readable.map(({ name }) => [name, moves.get(name) ?? 0])),
  };
}

/** What ran when a store was read last, and of what: a function that stays serves everybody's first page from it until a head moves. */
const last = new WeakMap<HeadStore, { readonly of: string; readonly running: Running }>();

/**
 * What runs in the environments of a glimpse. Heads are read eventually consistent, and not again while their environments count as many
 * moves as when they were read.
 */
export async function readRunning(
  { heads }: Pick<Deps, 'heads'>,
  tenant: string,
  glimpse: Pick<Glimpse, 'environments' | 'moves'>,
): Promise<Running> {
  const of = JSON.stringify([tenant, standingOf(glimpse)]);
  const before = last.get(heads);
  if (before?.of === of) return before.running;
  const running = await readHeads(heads, tenant, glimpse.moves);
  if (running.counted) last.set(heads, { of, running });
  return running;
}

/** Each environment, made when, and how often its heads had moved: one that is made anew counts anew. */
export const standingOf = ({ environments, moves }: Pick<Glimpse, 'environments' | 'moves'>) =>
  environments.map(({ environment: { name, created_at } }) => [name, created_at, moves.get(name)]);

async function readHeads(heads: HeadStore, tenant: string, moves: Glimpse['moves']): Promise<Running> {
  const read = await Promise.all(
    [...moves].map(async ([environment, count]) => {
      const found = await heads.glance(tenant, environment);
      const settled = found.every(({ claim }) => claim === undefined);
      const sum = found.reduce((before, head) => before + movesOf(head), 0);
      return { found, counted: settled && sum === count };
    }),
  );
  const active = read.flatMap(({ found }) => found).filter((head): head is Active => head.digest !== null);
  return { subjects: bySubject(active), counted: read.every(({ counted }) => counted) };
}

function bySubject(heads: readonly Active[]): Running['subjects'] {
  const subjects = Map.groupBy(heads, ({ slot }) => `${slot.subject.kind}/${slot.subject.name}`);
  return [...subjects.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...rest]]) =>
      first === undefined ? [] : [{ subject: first.slot.subject, heads: [first, ...rest] }],
    );
}
