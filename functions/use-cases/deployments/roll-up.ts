import {
  changedAt,
  countedOf,
  dayOf,
  failedAt,
  isCounted,
  LOOKED_AT,
} from '../../domain/deployment/counted.ts';
import type { Deployment } from '../../domain/deployment/deployment.ts';
import type { RollUp, RollUpScope } from '../../domain/deployment/roll-up.ts';
import { NO_DEPLOYMENTS, withCounted } from '../../domain/deployment/tally.ts';
import { addDuration } from '../../domain/instant.ts';
import { canonicalJson } from '../../domain/jcs.ts';
import type { DeploymentRef } from '../../ports/deployment-store.ts';
import type { PageRequest } from '../../ports/page.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';

export type RollUpDeps = Pick<Deps, 'deployments' | 'rollUps' | 'transactions' | 'clock'>;

export type RolledUp = {
  readonly counted: number;
  readonly faults: readonly { readonly tenant: string; readonly error: unknown }[];
  /** There was more than the run's bounds: the next run goes on. */
  readonly unfinished: boolean;
};

/** Deployments counted in one commit: each may touch another one and three sums. */
const TOGETHER = 10;

/** What has just changed may not be in every index yet; what follows it in time could be missed. */
const SETTLED = '-PT10S';

/**
 * Adds deployments that changed to the sums of their days: of their environment, and of their subject there. Each is marked as counted
 * in the commit that counts it, so that running it twice, or twice at once, counts once. What fails stops nothing else.
 */
export async function rollUpDeployments(
  deps: RollUpDeps,
  bounds: { readonly most: number; readonly milliseconds: number },
): Promise<RolledUp> {
  const now = deps.clock.now();
  const end = addDuration(now, `PT${bounds.milliseconds / 1_000}S`);
  const until = addDuration(now, SETTLED);
  const faults: { tenant: string; error: unknown }[] = [];
  let counted = 0;
  let after: string | undefined;
  do {
    const given: PageRequest = { limit: 100, ...(after === undefined ? {} : { after }) };
    const page = await deps.deployments.uncounted(until, given);
    for (const { tenant, deployments } of groupsOf(await readAll(deps, page.items, faults))) {
      try {
        counted += await count(deps, tenant, deployments);
      } catch (error) {
        faults.push({ tenant, error });
      }
    }
    after = page.next;
  } while (after !== undefined && counted < bounds.most && deps.clock.now() < end);
  return { counted, faults, unfinished: after !== undefined };
}

type Group = { readonly tenant: string; readonly deployments: Deployment[] };

async function readAll(
  { deployments }: Pick<Deps, 'deployments'>,
  refs: readonly DeploymentRef[],
  faults: { tenant: string; error: unknown }[],
): Promise<readonly { readonly tenant: string; readonly deployment: Deployment }[]> {
  const read = await Promise.all(
    refs.map(async ({ tenant, id }) => {
      try {
        const deployment = await deployments.read(tenant, id);
        return deployment === undefined || isCounted(deployment) ? [] : [{ tenant, deployment }];
      } catch (error) {
        faults.push({ tenant, error });
        return [];
      }
    }),
  );
  return read.flat();
}

/** Deployments of one tenant and environment, some at a time. */
function groupsOf(
  found: readonly { readonly tenant: string; readonly deployment: Deployment }[],
): readonly Group[] {
  const groups: Group[] = [];
  const open = new Map<string, Group>();
  for (const { tenant, deployment } of found) {
    const name = `${tenant}#${deployment.environment}`;
    const group = open.get(name);
    if (group !== undefined && group.deployments.length < TOGETHER) {
      group.deployments.push(deployment);
      continue;
    }
    const begun = { tenant, deployments: [deployment] };
    open.set(name, begun);
    groups.push(begun);
  }
  return groups;
}

/** Counts some deployments of an environment in one commit; returns how many, 0 when another writer was faster. */
async function count(deps: RollUpDeps, tenant: string, changed: readonly Deployment[]): Promise<number> {
  const sheet = new Sheet(deps, tenant);
  for (const deployment of changed) {
    await sheet.recount(deployment);
    const later = await following(deps, tenant, deployment);
    if (later !== undefined) await sheet.recount(later);
  }
  const { committed } = await deps.transactions.commit(tenant, sheet.writes());
  return committed ? changed.length : 0;
}

/** The next one that was counted as serving after a deployment changed: what it ended and shipped may be another now. */
async function following(
  deps: RollUpDeps,
  tenant: string,
  deployment: Deployment,
): Promise<Deployment | undefined> {
  const since = failedAt(deployment) ?? deployment.live_at ?? changedAt(deployment);
  const later = await deps.deployments.near(tenant, deployment, 'after', LOOKED_AT);
  return later.find(
    ({ environment, counted, live_at = '' }) =>
      environment === deployment.environment && counted?.live === true && live_at >= since,
  );
}

/** What a commit is going to write: deployments as counted, and the sums of their days. */
class Sheet {
  readonly #deps: RollUpDeps;
  readonly #tenant: string;
  readonly #deployments = new Map<string, { readonly next: Deployment; readonly expected: number }>();
  readonly #sums = new Map<string, { next: RollUp; readonly expected: number }>();

  constructor(deps: RollUpDeps, tenant: string) {
    this.#deps = deps;
    this.#tenant = tenant;
  }

  async recount(deployment: Deployment): Promise<void> {
    const { next: before, expected } = this.#deployments.get(deployment.id) ?? {
      next: deployment,
      expected: deployment.version,
    };
    const earlier = await this.#deps.deployments.near(this.#tenant, before, 'before', LOOKED_AT);
    const counted = countedOf(before, earlier);
    if (counted === undefined || same(counted, before.counted)) return;
    const { environment, subject } = before;
    for (const scope of [{ environment }, { environment, subject }]) {
      const sum = await this.#sum(scope, dayOf(before));
      const tally = sum.next.kinds[subject.kind] ?? NO_DEPLOYMENTS;
      const without = before.counted === undefined ? tally : withCounted(tally, before.counted, -1);
      const kinds = { ...sum.next.kinds, [subject.kind]: withCounted(without, counted, 1) };
      sum.next = { ...sum.next, kinds, version: sum.expected + 1 };
    }
    this.#deployments.set(before.id, { next: { ...before, counted, version: expected + 1 }, expected });
  }

  writes(): readonly Write[] {
    return [
      ...[...this.#deployments.values()].map(
        ({ next, expected }): Write => ({ write: 'deployment', deployment: next, expected }),
      ),
      ...[...this.#sums.values()].map(
        ({ next, expected }): Write => ({ write: 'roll_up', roll_up: next, expected }),
      ),
    ];
  }

  async #sum(scope: RollUpScope, day: string) {
    const name = canonicalJson([scope.environment, scope.subject ?? null, day]);
    const known = this.#sums.get(name);
    if (known !== undefined) return known;
    const stored = await this.#deps.rollUps.read(this.#tenant, scope, day);
    const sum = { next: stored ?? { scope, day, kinds: {}, version: 0 }, expected: stored?.version ?? 0 };
    this.#sums.set(name, sum);
    return sum;
  }
}

function same(a: object, b: object | undefined): boolean {
  return b !== undefined && canonicalJson(a) === canonicalJson(b);
}
