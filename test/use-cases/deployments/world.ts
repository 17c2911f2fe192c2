import type { Environment } from '../../../functions/domain/catalog/environment.ts';
import type { Gateway } from '../../../functions/domain/catalog/gateway.ts';
import { DEFAULT_PIPELINE } from '../../../functions/domain/catalog/pipeline.ts';
import type { Rule } from '../../../functions/domain/catalog/rule.ts';
import type { Principal, Role } from '../../../functions/domain/identity/principal.ts';
import { addDuration } from '../../../functions/domain/instant.ts';
import type { CloudEvent } from '../../../functions/domain/notification/cloud-event.ts';
import type { DeployOutcome, DeployRequest } from '../../../functions/ports/gateway-driver.ts';
import type { Stores } from '../../../functions/ports/stores.ts';
import type { Write } from '../../../functions/ports/transaction.ts';
import { memberOf } from '../../../functions/use-cases/administration/found-tenant.ts';
import type { Deps } from '../../../functions/use-cases/deps.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../../support/engine.ts';
import { noRegistries } from '../../support/no-registries.ts';
import { noAlarms } from '../../support/no-timers.ts';
import { replayWritten } from '../../support/replay-written.ts';
import { memoryStores } from '../../support/replayed-stores.ts';
import { tableStores } from '../../support/replayed-table.ts';

export const TENANT = 'acme';
export const T0 = '2026-03-01T09:00:00.000Z';

/** A tenant with the default pipeline on some store, a clock that the test moves, and everything else watched. */
export type World = {
  readonly deps: Deps & Stores;
  readonly published: CloudEvent[];
  readonly deployed: DeployRequest[];
  outcome: DeployOutcome;
  now: string;
  advance(duration: string): void;
  gateway(id: string, environment: string, more?: Partial<Gateway>): Promise<Gateway>;
  rule(id: string, from: string, to: string, more?: Partial<Rule>): Promise<Rule>;
  /** Makes somebody a member, with the roles and groups that they call with. */
  member(principal: Principal): Promise<void>;
  commit(...writes: readonly Write[]): Promise<void>;
};

export function person(subject: string, ...roles: readonly Role[]): Principal {
  const grants = roles.map((role) => ({ role }));
  return { tenant: TENANT, subject, email: `${subject}@acme.com`, kind: 'person', groups: [], grants };
}

export function machine(subject: string, ...roles: readonly Role[]): Principal {
  return { ...person(subject, ...roles), email: '', kind: 'machine', owner: 'dev' };
}

export const DEV = person('dev', 'developer', 'promoter');
export const CI = machine('mach-ci', 'recorder');

/** The stores that every use case must work on: memory, and the table on the embedded engine. */
export const STORES: readonly { readonly name: string; readonly open: () => Promise<Opened> }[] = [
  {
    name: 'memory',
    open: async () => ({ stores: (now) => memoryStores(now), stop: async () => {} }),
  },
  ...(skipWithoutEngine() ? [] : [{ name: 'the table', open: openEngine }]),
];
type Opened = { readonly stores: (now: () => string) => Stores; stop(): Promise<void> };

async function openEngine(): Promise<Opened> {
  const engine: Engine = await startEngine();
  return {
    stores: (now) => tableStores(engine.table, now),
    async stop() {
      await replayWritten();
      await engine.stop();
    },
  };
}

export async function createWorld(open: Opened['stores']): Promise<World> {
  const published: CloudEvent[] = [];
  const deployed: DeployRequest[] = [];
  let ids = 0;
  const world: World = {
    published,
    deployed,
    outcome: { outcome: 'live' },
    now: T0,
    advance(duration) {
      world.now = addDuration(world.now, duration);
    },
    async gateway(id, environment, more = {}) {
      const item: Gateway = {
        id,
        environment,
        driver: 'record',
        status: 'active',
        version: 1,
        created_at: T0,
        updated_at: T0,
        ...more,
      };
      await world.commit({ write: 'catalog', entry: { type: 'gateway', item }, expected: 0 });
      return item;
    },
    async rule(id, source_environment, target_environment, more = {}) {
      const item: Rule = {
        id,
        name: id,
        source_environment,
        target_environment,
        requires_approval: false,
        auto_promote: true,
        required_approvers: 0,
        conditions: null,
        status: 'active',
        version: 1,
        created_at: T0,
        updated_at: T0,
        ...more,
      };
      await world.commit({ write: 'catalog', entry: { type: 'rule', item }, expected: item.version - 1 });
      return item;
    },
    async member(principal) {
      await world.commit({ write: 'membership', membership: memberOf(TENANT, principal, T0), expected: 0 });
    },
    async commit(...writes) {
      const result = await world.deps.transactions.commit(TENANT, writes);
      if (!result.committed) throw new Error(`the world lost ${result.lost.join(', ')}`);
    },
    deps: {
      ...open(() => world.now),
      clock: { now: () => world.now },
      ids: {
        next: (prefix) => {
          ids += 1;
          return `${prefix}-${String(ids).padStart(6, '0')}`;
        },
      },
      workflow: { start: async () => 'started', wake: async () => 'woken' },
      bus: { publish: async (events) => void published.push(...events) },
      scheduler: noAlarms,
      registries: noRegistries,
      driver: {
        deploy: async (request) => {
          deployed.push(request);
          return world.outcome;
        },
      },
      random: () => 0.5,
      sleep: async (ms) => world.advance(`PT${(ms / 1000).toFixed(3)}S`),
    },
  };
  await world.commit(
    { write: 'tenant', tenant: { id: TENANT, name: 'Acme', created_at: T0, version: 1 }, expected: 0 },
    ...DEFAULT_PIPELINE(T0).map(
      (item: Environment): Write => ({
        write: 'catalog',
        entry: { type: 'environment', item },
        expected: 0,
      }),
    ),
  );
  return world;
}

/** What the world works with, where an environment becomes protected just before the first commit. */
export async function protectedMeanwhile(world: World, name: string): Promise<World['deps']> {
  const environment = await world.deps.catalog.item(TENANT, 'environment', name);
  if (environment === undefined) throw new Error(`no ${name}`);
  const { version, guard } = environment;
  const item = { ...environment, protected: true, version: version + 1, guard: guard + 1 };
  const { commit } = world.deps.transactions;
  let raced = false;
  return {
    ...world.deps,
    transactions: {
      commit: async (tenant, writes) => {
        if (!raced) {
          raced = true;
          await world.commit({
            write: 'catalog',
            entry: { type: 'environment', item },
            expected: version,
          });
        }
        return commit.call(world.deps.transactions, tenant, writes);
      },
    },
  };
}
