import type { Environment } from '../../domain/catalog/environment.ts';
import { inOrder } from '../../domain/catalog/pipeline.ts';
import {
  behindOf,
  drifts,
  lags,
  type Running,
  runningIn,
  type SubjectDrift,
  tornVersions,
  upstreamOf,
} from '../../domain/deployment/drift.ts';
import type { Observation, Recorded } from '../../domain/deployment/observation.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import { within } from '../../domain/in-environment.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Head, InEnvironment, Kind, Slot, Subject } from '../../domain/subject.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { authorize } from '../access/authorize.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';

export type DriftDeps = Pick<Deps, 'catalog' | 'clock' | 'denials' | 'heads' | 'observations'>;

export type DriftInput = {
  readonly principal: Principal;
  readonly kind?: Kind;
  /** Leaves out subjects that are level and as recorded. */
  readonly drifting: boolean;
  readonly page: PageRequest;
};

export type Drift = { readonly as_of: string; readonly subjects: Page<SubjectDrift> };

/** Revisions of the environment before that are looked through to say how far behind a slot is. */
const MOST_BEHIND = 100;

/**
 * What each environment that the caller may read runs of each subject, and how far that is from the record, from what was observed and
 * from the environment before; by kind and name. Heads and observations are a moment late. Refuses `not_authorized`.
 */
export async function readDrift(
  deps: DriftDeps,
  { principal, kind, drifting, page }: DriftInput,
): Promise<Drift | Refusal> {
  const refusal = await authorize(deps, principal, 'read');
  if (refusal !== undefined) return refusal;
  const { tenant } = principal;
  const as_of = deps.clock.now();
  const all = await deps.catalog.all(tenant, 'environment');
  const environments = inOrder(all).filter(({ name }) => may(principal, 'read', name));
  const slots = (await Promise.all(environments.map((one) => slotsOf(deps, tenant, one, as_of)))).flat();
  const subjects = [...Map.groupBy(slots, ({ subject }) => placeOf(subject)).entries()]
    .filter(([, [first]]) => kind === undefined || first?.subject.kind === kind)
    .filter(([place]) => page.after === undefined || place > page.after)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const items: SubjectDrift[] = [];
  let looked = 0;
  for (const [place, [first, ...rest]] of subjects) {
    if (first === undefined) continue;
    const one = await driftOf(deps, tenant, [first, ...rest], environments, as_of);
    looked += 1;
    if (!drifting || drifts(one)) items.push(one);
    const more = looked < subjects.length;
    if (items.length === page.limit || looked === MOST_LOOKED) {
      return { as_of, subjects: more ? { items, next: place } : { items } };
    }
  }
  return { as_of, subjects: { items } };
}

/** Subjects that one call looks at: where few drift, a page is short while there is more. */
const MOST_LOOKED = 500;

type Placed = { readonly subject: Subject; readonly running: Running };

const placeOf = ({ kind, name }: Subject): string => `${kind}/${name}`;

/** Everything that is active or was observed in an environment. */
async function slotsOf(
  deps: Pick<Deps, 'heads' | 'observations'>,
  tenant: string,
  environment: Environment,
  now: string,
): Promise<readonly Placed[]> {
  const [heads, seen] = await Promise.all([
    deps.heads.glance(tenant, environment.name),
    observationsIn(deps, tenant, within(environment)),
  ]);
  const active = heads.filter(({ digest }) => digest !== null);
  const keys = new Set([...active, ...seen.values()].map(({ slot }) => slotName(slot)));
  const byName = new Map(active.map((head) => [slotName(head.slot), head]));
  return [...keys].sort().flatMap((key) => {
    const head = byName.get(key);
    const observation = seen.get(key);
    const slot = head?.slot ?? observation?.slot;
    if (slot === undefined) return [];
    return [{ subject: slot.subject, running: runningIn(slot, recorded(head), observation, now) }];
  });
}

async function observationsIn(
  { observations }: Pick<Deps, 'observations'>,
  tenant: string,
  environment: InEnvironment,
): Promise<ReadonlyMap<string, Observation>> {
  const found = new Map<string, Observation>();
  for await (const one of everyItem((page) => observations.inEnvironment(tenant, environment, page))) {
    found.set(slotName(one.slot), one);
  }
  return found;
}

const slotName = ({ subject, gateway = '' }: Slot): string => `${placeOf(subject)}#${gateway}`;

function recorded(head: Head | undefined): Recorded | undefined {
  if (head === undefined) return undefined;
  return head.version_label === undefined ? { head } : { head, version: head.version_label };
}

async function driftOf(
  deps: Pick<Deps, 'heads'>,
  tenant: string,
  placed: readonly [Placed, ...Placed[]],
  environments: readonly Environment[],
  now: string,
): Promise<SubjectDrift> {
  const [{ subject }] = placed;
  const all = placed.map(({ running }) => running);
  const behind = async (one: Running): Promise<Running> => {
    const at = environments.findIndex(({ name }) => name === one.environment);
    const before = environments[at - 1]?.name;
    const source = upstreamOf(all.filter(({ environment }) => environment === before));
    if (source === undefined || !lags(one, source)) return one;
    const { items } = await deps.heads.revisions(tenant, source.head.slot, { limit: MOST_BEHIND });
    return { ...one, behind: behindOf(one, source, items, now) };
  };
  return { subject, running: await Promise.all(all.map(behind)), torn: tornVersions(all) };
}
