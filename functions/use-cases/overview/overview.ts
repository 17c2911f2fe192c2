import type { Environment } from '../../domain/catalog/environment.ts';
import type { Digest } from '../../domain/digest.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import type { Freeze as Stopping } from '../../domain/promotion/commands.ts';
import { OPEN_STATUSES } from '../../domain/promotion/lifetime.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Head, Subject } from '../../domain/subject.ts';
import { roleMissing } from '../access/authorize.ts';
import type { Deps } from '../deps.ts';
import { freezeOf } from '../freezes/judge.ts';
import type { KindDeps } from '../kinds/kind.ts';
import { promotionsWaitingFor } from '../promotions/waiting-for.ts';

export type OverviewDeps = KindDeps &
  Pick<Deps, 'changes' | 'promotions' | 'catalog' | 'clock' | 'heads' | 'deployments'>;

/** The head of a place where something is active. */
export type Active = Head & { readonly digest: Digest };

/** Everything that runs, and everything that moves, of what a principal may read. */
export type Overview = {
  readonly as_of: string;
  /** In the order of the pipeline, each with what stops it now. */
  readonly environments: readonly { readonly environment: Environment; readonly freeze?: Stopping }[];
  readonly subjects: readonly { readonly subject: Subject; readonly heads: readonly Active[] }[];
  /** Open promotions, newest first; at most `MOST_OPEN`. */
  readonly promotions: readonly PromotionState[];
  /** The ids of those that wait for the principal. */
  readonly waiting: readonly string[];
};

/** Open promotions in one answer: more than a person follows at once; the list has the rest. */
const MOST_OPEN = 100;

/** What runs where, what moves and what waits for a principal. Heads are read eventually consistent. Refuses `not_authorized`. */
export async function readOverview(
  deps: OverviewDeps,
  { principal }: { readonly principal: Principal },
): Promise<Overview | Refusal> {
  // No denial is kept: everybody's first page asks for this, and a denial each time would say nothing.
  const refusal = roleMissing(principal, 'read');
  if (refusal !== undefined) return refusal;
  const { tenant } = principal;
  const [all, freezes] = await Promise.all([
    deps.catalog.all(tenant, 'environment'),
    deps.catalog.all(tenant, 'freeze'),
  ]);
  const as_of = deps.clock.now();
  const readable = all.filter(({ name }) => may(principal, 'read', name)).sort((a, b) => a.rank - b.rank);
  const page = { limit: MOST_OPEN };
  const [heads, open, waiting] = await Promise.all([
    Promise.all(readable.map(({ name }) => activeIn(deps, tenant, name))),
    deps.promotions.list(tenant, { statuses: OPEN_STATUSES }, page),
    promotionsWaitingFor(deps, { principal, filter: {}, page }),
  ]);
  if (isRefusal(waiting)) return waiting;
  return {
    as_of,
    environments: readable.map((environment) => {
      const freeze = freezeOf(freezes, environment, as_of);
      return freeze === undefined ? { environment } : { environment, freeze };
    }),
    subjects: bySubject(heads.flat()),
    promotions: open.items.filter((state) => may(principal, 'read', state.target_environment)),
    waiting: waiting.items.map(({ id }) => id),
  };
}

async function activeIn(
  { heads }: Pick<Deps, 'heads'>,
  tenant: string,
  environment: string,
): Promise<readonly Active[]> {
  return (await heads.glance(tenant, environment)).filter((head): head is Active => head.digest !== null);
}

function bySubject(heads: readonly Active[]): Overview['subjects'] {
  const subjects = Map.groupBy(heads, ({ slot }) => `${slot.subject.kind}/${slot.subject.name}`);
  return [...subjects.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...rest]]) =>
      first === undefined ? [] : [{ subject: first.slot.subject, heads: [first, ...rest] }],
    );
}
