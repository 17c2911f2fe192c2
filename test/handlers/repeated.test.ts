import { describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../../functions/contract/all.ts';
import { everythingIn, memoryStores } from '../support/replayed-stores.ts';
import { createWorld } from './api-world.ts';
import { admitAll, furnish } from './furniture.ts';
import { operations } from './operations.ts';

/** What takes more than furniture: its own tests send it twice. */
const APART = [
  ...['publishArtifactVersion', 'rollBackArtifact', 'rollBackPromotion', 'rollBackConfigPromotion'],
  ...['retryConfigPromotion', 'rollBackToImageTag'],
];

const ALL = ENDPOINTS.filter(({ idempotent }) => idempotent).map(({ operation }) => operation);
const REPEATABLE = ALL.filter((operation) => !APART.includes(operation));

/** A good call of an operation in a furnished world, by somebody who may do everything, as often as it is sent. */
async function callOf(name: string) {
  const world = await createWorld(memoryStores);
  const there = await furnish(world);
  await admitAll(world);
  const operation = operations(there).find(({ endpoint }) => endpoint.operation === name);
  if (operation === undefined) throw new Error(name);
  const { endpoint, path, body } = operation;
  const send = (key: string, changed = body) =>
    world.send({
      method: endpoint.method,
      path,
      signer: { sub: 'all' },
      headers: { 'idempotency-key': key },
      ...(changed === undefined ? {} : { body: changed }),
    });
  return { world, body, send };
}

describe('a request that comes again under its Idempotency-Key', () => {
  it.each(APART)('is no second one of %s, which has its own tests', async (name) => {
    expect(ALL).toContain(name);
    expect((await (await callOf(name)).send('once')).status).toBeGreaterThanOrEqual(400);
  });

  it.each(REPEATABLE)('is done once by %s, and answered as it was', async (name) => {
    const { world, send } = await callOf(name);
    const first = await send('once');
    expect(first.status, JSON.stringify(first.body)).toBeLessThan(300);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    const after = everythingIn(world.deps);
    const again = await send('once');
    expect(again).toMatchObject({ status: first.status, body: first.body });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(everythingIn(world.deps)).toBe(after);
  });

  it.each(REPEATABLE)('is another request of %s with another body, and refused', async (name) => {
    const { world, body, send } = await callOf(name);
    await send('once');
    const after = everythingIn(world.deps);
    const other = await send('once', { ...Object(body), [`${name}_again`]: true });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(everythingIn(world.deps)).toBe(after);
  });
});
