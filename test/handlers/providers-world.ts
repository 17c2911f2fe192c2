import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { httpsEgress } from '../../functions/adapters/egress/https.ts';
import { httpGateProviders } from '../../functions/adapters/gate-provider/http-providers.ts';
import type { SecretUse } from '../../functions/domain/catalog/own-secret.ts';
import type { Egress } from '../../functions/ports/egress.ts';
import { assess } from '../../functions/use-cases/workflow/assess.ts';
import { type Listener, listen, type Received } from '../support/listener.ts';
import { ACME, createWorld, type World } from './api-world.ts';
import { arranged, target } from './gates-world.ts';

export const KEY = Buffer.from('twenty-four bytes or more of it');
export const SECRET = `whsec_${KEY.toString('base64')}`;
const SECRETS = { read: async (_: SecretUse, ref: string) => (ref.endsWith('/gone') ? undefined : SECRET) };
const real = httpsEgress({ allowLoopback: true });
/** A second of a gate is a tenth of one here. */
const egress: Egress = { send: (call) => real.send({ ...call, timeout_ms: call.timeout_ms / 10 }) };
export const providers = httpGateProviders({ egress, secrets: SECRETS });

export let listener: Listener;

/** What the provider does with a question. */
export type How = (request: Received) => { status?: number; body: string } | 'silent' | 'cut';
let how: How;

/** Says how questions are answered from now on, and forgets those that were asked. */
export function answering(next: How): void {
  how = next;
  listener.received.length = 0;
}

export const says =
  (body: object): How =>
  () => ({ body: JSON.stringify(body) });
export const PASSES = says({ status: 'PASSED', evidence: { score: 7 } });

/** A provider that really listens, for all tests of a file; it passes everything until told otherwise. */
export function listening(): void {
  beforeAll(async () => {
    listener = await listen((received, request, response) => {
      const said = how(received);
      if (said === 'silent') return;
      if (said === 'cut') return void request.socket.destroy();
      response.writeHead(said.status ?? 200).end(said.body);
    });
  });
  beforeEach(() => answering(PASSES));
  afterAll(() => listener.stop());
}

export const provider = (changes: object = {}) => ({
  type: 'http',
  url: `http://127.0.0.1:${listener.port}/gate/judge`,
  secret_ref: `sluice/${ACME}/gate/judge`,
  ...changes,
});
/** A world in which providers are on loopback, and a promotion that waits for one. */
export async function asking(gate: object) {
  const world = await createWorld();
  Object.assign(world.deps, { allowLoopback: true });
  const set = await arranged({ name: 'tests', provider: provider(), ...gate }, world);
  const before = await target(world);
  const { status, body } = await world.as('dev')('POST', '/api/v1/promotions', set.asked);
  expect(status).toBe(201);
  const path = `/api/v1/promotions/${body.id}`;
  return { ...set, before, id: String(body.id), path, created: body };
}

export const assessed = async (world: World, id: string) =>
  (await assess({ ...world.deps, providers }, { tenant: ACME, id })).next;
export const shown = async (world: World, path: string) => (await world.as('dev')('GET', path)).body;

/** What the workflow does with it: assess, and execute where that says so. */
export async function driven({ world, id, path, before }: Awaited<ReturnType<typeof asking>>) {
  const next = await assessed(world, id);
  if (next.startsWith('execute')) await world.run(id);
  const promotion = await shown(world, path);
  return { promotion, unchanged: (await target(world)) === before };
}
