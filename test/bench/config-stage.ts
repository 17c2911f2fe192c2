import { dynamoStores } from '../../functions/adapters/dynamodb/stores.ts';
import type { Table } from '../../functions/adapters/dynamodb/table.ts';
import { boundaryOf } from '../../functions/domain/config-tree/boundary.ts';
import { buildTree } from '../../functions/domain/config-tree/build.ts';
import type { NewNode } from '../../functions/domain/config-tree/node.ts';
import type { Digest } from '../../functions/domain/digest.ts';
import { type Actor, SYSTEM } from '../../functions/domain/identity/principal.ts';
import { swap } from '../../functions/domain/promotion/head.ts';
import { isRefusal, type Refusal } from '../../functions/domain/refusal.ts';
import { foundTenant } from '../../functions/use-cases/administration/found-tenant.ts';
import { headOf } from '../../functions/use-cases/config/tree.ts';
import type { Deps } from '../../functions/use-cases/deps.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { type Meter, meter } from '../support/metered.ts';
import { noRegistries } from '../support/no-registries.ts';
import { noAlarms } from '../support/no-timers.ts';
import { benchKey, benchValue } from './config-tree-data.ts';

export const TENANT = 'bench';
export const PERSON: Actor = { subject: 'bench', email: '', kind: 'person' };

/** One commit: how long it took, what it wrote, when it ended, whether it went through. */
export type Commit = {
  readonly milliseconds: number;
  readonly units: number;
  readonly ended: number;
  readonly committed: boolean;
};

/** The engine with a tenant, metered; everything but gateways and the workflow service is real. */
export type Stage = {
  readonly table: Table;
  readonly used: Meter;
  readonly deps: Deps;
  readonly commits: Commit[];
  stop(): Promise<void>;
};

export async function configStage(): Promise<Stage> {
  const engine: Engine = await startEngine();
  const table = engine.open({ requestHandler: { requestTimeout: 30_000 } });
  const used = meter(table);
  const commits: Commit[] = [];
  const deps = depsOn(dynamoStores(table), used, commits);
  await foundTenant(deps, { id: TENANT, name: 'Bench', founders: [], by: SYSTEM });
  return {
    table,
    used,
    deps,
    commits,
    async stop() {
      table.client.destroy();
      await engine.stop();
    },
  };
}

function depsOn(stores: ReturnType<typeof dynamoStores>, used: Meter, commits: Commit[]): Deps {
  let numbers = 0;
  return {
    ...stores,
    transactions: {
      async commit(tenant, writes) {
        const [begun, before] = [performance.now(), used.writeUnits];
        const result = await stores.transactions.commit(tenant, writes);
        const ended = performance.now();
        const units = used.writeUnits - before;
        commits.push({ milliseconds: ended - begun, units, ended, committed: result.committed });
        return result;
      },
    },
    clock: { now: () => new Date().toISOString() },
    ids: {
      next(prefix) {
        numbers += 1;
        return `${prefix}-${String(numbers).padStart(8, '0')}`;
      },
    },
    workflow: { start: async () => 'started', wake: async () => 'woken' },
    bus: { publish: async () => {} },
    scheduler: noAlarms,
    registries: noRegistries,
    driver: { deploy: async () => ({ outcome: 'live' }) },
    random: Math.random,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}

/** Stores a tree of so many keys, `changed` of them, evenly spread, with another value. */
export async function plant(deps: Deps, keys: number, changed: number): Promise<Digest> {
  const boundary = boundaryOf(await deps.chunkingKeys.of(TENANT));
  const every = changed === 0 ? Number.POSITIVE_INFINITY : keys / changed;
  let next = 0;
  const items = Array.from({ length: keys }, (_, i) => {
    const other = i >= next * every && next < changed;
    if (other) next += 1;
    return { key: benchKey(i), body: { inline: benchValue(i, other ? 1 : 0) } };
  });
  const nodes: NewNode[] = [];
  const building = buildTree(items, boundary);
  for (let step = building.next(); ; step = building.next()) {
    if (step.done) {
      await deps.nodes.put(TENANT, nodes);
      return step.value.root;
    }
    nodes.push(step.value);
  }
}

/** Points an environment's head at a root. */
export async function point(deps: Deps, environment: string, digest: Digest): Promise<void> {
  const now = deps.clock.now();
  const head = await headOf(deps, TENANT, environment, now);
  if (head.digest === digest) return;
  const swapped = swap(head, { digest, cause: { by: 'edit' }, actor: SYSTEM, now });
  const result = await deps.transactions.commit(TENANT, [
    { write: 'head', head: swapped.head, expected: head.version },
    { write: 'revision', revision: swapped.revision },
  ]);
  if (!result.committed) throw new Error('lost');
}

/** The answer of a use case that is not refused. */
export function granted<T extends object>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new Error(`${answer.refused}: ${answer.detail}`);
  return answer;
}
