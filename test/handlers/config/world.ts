import { seedHandler } from '../../../functions/handlers/events/seed.ts';
import { configRoutes } from '../../../functions/handlers/http/config-routes.ts';
import { httpHandler } from '../../../functions/handlers/http/stack.ts';
import type { Stores } from '../../../functions/ports/stores.ts';
import type { Deps } from '../../../functions/use-cases/deps.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { noRegistries } from '../../support/no-registries.ts';
import { noAlarms } from '../../support/no-timers.ts';
import { randomStream } from '../../support/random-stream.ts';
import { memoryStores } from '../../support/replayed-stores.ts';
import { ACME, PEOPLE, START } from '../api-world.ts';
import { type Answer, answered } from '../event.ts';
import { testLog } from '../log.ts';

/** The config API behind its real stack, with two tenants, people and the default pipeline; time moves by `at`. */
export async function configWorld(stores: (now: () => string) => Stores = memoryStores) {
  let now = START;
  const numbers: Record<string, number> = {};
  const deps: Deps = {
    ...stores(() => now),
    clock: { now: () => now },
    ids: {
      next(prefix) {
        numbers[prefix] = (numbers[prefix] ?? 0) + 1;
        return `${prefix}-${String(numbers[prefix]).padStart(4, '0')}`;
      },
    },
    random: randomStream(1),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 5))),
    workflow: { start: async () => 'started', wake: async () => 'woken' },
    bus: { publish: async () => {} },
    scheduler: noAlarms,
    registries: noRegistries,
    driver: {
      async deploy() {
        throw new Error('config promotions call no gateway');
      },
    },
  };
  const people = PEOPLE.map((person) => ({
    ...person,
    roles: person.user_id === 'alice' ? ['approver' as const, 'promoter' as const] : [...person.roles],
    email: `${person.user_id}@${person.tenant_id}.com`,
  }));
  await seedHandler(() => deps, testLog())({ people, demo: false });
  const handler = httpHandler(configRoutes, () => deps, testLog());

  function call(
    sub: string,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const given = body === undefined ? {} : { body };
    return answered(handler, { method, path, signer: { sub }, headers, ...given });
  }

  return {
    deps,
    call,
    at(instant: string) {
      now = instant;
    },
    as:
      (sub: string) =>
      (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
        call(sub, method, path, body, headers),
    /** The workflow's step Execute, as the state machine runs it. */
    run: (id: string, tenant: string = ACME) => execute(deps, { tenant, id }),
  };
}

export type ConfigWorld = Awaited<ReturnType<typeof configWorld>>;

export const STAGING = '/api/v1/config/environments/staging';
export const PRODUCTION = '/api/v1/config/environments/production';
export { ACME };
