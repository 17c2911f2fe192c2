import { memoryStore } from '../../functions/adapters/memory/store.ts';
import { actorOf } from '../../functions/domain/identity/principal.ts';
import { seedHandler } from '../../functions/handlers/events/seed.ts';
import { administrationRoutes } from '../../functions/handlers/http/administration.ts';
import { type CatalogDeps, catalogRoutes } from '../../functions/handlers/http/catalog.ts';
import type { Route } from '../../functions/handlers/http/route.ts';
import { httpHandler } from '../../functions/handlers/http/stack.ts';
import type { Stores } from '../../functions/ports/stores.ts';
import type { Write } from '../../functions/ports/transaction.ts';
import { CONTEXT, httpEvent, type Signer, type TestCall } from './event.ts';
import { testLog } from './log.ts';

export const ACME = 'acme';
export const GLOBEX = 'globex';
export const START = '2026-11-21T09:00:00.000Z';

/** People of the tests: name is subject, user id and the first part of the e-mail. `ops` is the operator. */
export const PEOPLE = [
  { tenant_id: ACME, tenant_name: 'Acme', user_id: 'dev', roles: ['developer', 'promoter'] },
  { tenant_id: ACME, user_id: 'alice', roles: ['approver'] },
  { tenant_id: ACME, user_id: 'bob', roles: ['approver'] },
  { tenant_id: ACME, user_id: 'admin', roles: ['admin'] },
  { tenant_id: ACME, user_id: 'viewer', roles: ['viewer'] },
  { tenant_id: ACME, user_id: 'nobody', roles: [] },
  { tenant_id: GLOBEX, user_id: 'carol', roles: ['admin', 'developer', 'promoter', 'approver', 'auditor'] },
  { tenant_id: 'sluice-ops', user_id: 'ops', roles: ['operator'] },
] as const;

export type Name = (typeof PEOPLE)[number]['user_id'];

const MACHINES = [
  {
    tenant_id: ACME,
    id: 'mach-ci',
    account_id: '123456789012',
    role_name: 'ci',
    unique_id: 'AROACI',
    owner: 'dev',
    roles: ['recorder'],
  },
] as const;

export const CI: Signer = { account: '123456789012', role: 'ci', unique: 'AROACI' };

// biome-ignore lint/suspicious/noExplicitAny: tests read what they expect of a wire answer and fail on anything else.
export type Answer = { status: number; headers: Record<string, unknown>; body: any };

export type World = Awaited<ReturnType<typeof createWorld>>;

/** A tenant with people, a machine and the default pipeline, behind the real stack; time moves by `world.now`. */
export async function createWorld(
  stores: (now: () => string) => Stores = memoryStore,
  more: (deps: CatalogDeps) => readonly Route<CatalogDeps>[] = () => [],
) {
  let now = START;
  const store = stores(() => now);
  const numbers: Record<string, number> = {};
  const deps: CatalogDeps = {
    ...store,
    clock: { now: () => now },
    ids: {
      next(prefix) {
        numbers[prefix] = (numbers[prefix] ?? 0) + 1;
        return `${prefix}-${String(numbers[prefix]).padStart(4, '0')}`;
      },
    },
    random: () => 0,
    sleep: async () => {},
    allowLoopback: false,
  };
  const log = testLog();
  const people = PEOPLE.map((person) => ({ ...person, email: `${person.user_id}@${person.tenant_id}.com` }));
  await seedHandler(() => deps, testLog())({ people, machines: MACHINES, demo: false });
  const handler = httpHandler([...catalogRoutes, ...administrationRoutes, ...more(deps)], () => deps, log);

  async function send(call: TestCall): Promise<Answer> {
    const result = await handler(httpEvent(call), CONTEXT);
    const text = result.body ?? '';
    return {
      status: result.statusCode ?? 0,
      headers: result.headers ?? {},
      body: text === '' ? null : JSON.parse(text),
    };
  }

  return {
    deps,
    log,
    send,
    get now() {
      return now;
    },
    set now(at: string) {
      now = at;
    },
    /** A person's request; `body` is JSON. */
    as:
      (name: Name) =>
      (method: string, path: string, body?: unknown, headers: TestCall['headers'] = {}): Promise<Answer> =>
        send({ method, path, signer: { sub: name }, headers, ...(body === undefined ? {} : { body }) }),
    /** Writes straight to the store, as other functions do. */
    async commit(tenant: string, ...writes: Write[]): Promise<void> {
      const result = await deps.transactions.commit(tenant, writes);
      if (!result.committed) throw new Error(`lost: ${result.lost.join()}`);
    },
  };
}

export const DEV_ACTOR = actorOf({
  tenant: ACME,
  subject: 'dev',
  email: 'dev@acme.com',
  kind: 'person',
  groups: [],
  grants: [],
});
