import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { item } from '../../functions/adapters/dynamodb/item.ts';
import { eventsKey } from '../../functions/adapters/dynamodb/keys.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { tableStores } from '../support/replayed-table.ts';
import { ACME, createWorld, START, type World } from './api-world.ts';

const path = '/api/v1/promotions';

describe.skipIf(skipWithoutEngine())('where the record cannot be written', () => {
  let engine: Engine;
  let world: World;

  beforeAll(async () => {
    engine = await startEngine();
    world = await createWorld((now) => tableStores(engine.table, now));
    for (const environment of ['staging', 'production']) {
      await world.as('admin')('POST', '/api/v1/gateways', { id: `gw-${environment}`, environment });
    }
  });
  afterEach(() => Object.assign(world.deps, { clock: { now: () => START } }));
  afterAll(() => engine?.stop());

  /** A promotion of an agent to production. */
  async function requested(agent_id: string): Promise<string> {
    const source = { id: `dep-${agent_id}`, agent_id, gateway_id: 'gw-staging', environment: 'staging' };
    await world.as('dev')('POST', '/api/v1/deployments', source);
    const made = await world.as('dev')('POST', path, {
      agent_id,
      source_deployment_id: source.id,
      target_gateway_id: 'gw-production',
      target_environment: 'production',
    });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body.id;
  }

  /** Something stands where the next event must be written, so that this one item of the commit cannot be. */
  async function blockNextEvent(id: string): Promise<void> {
    const stored = await world.deps.promotions.read(ACME, id);
    const next = (stored?.state.seq ?? 0) + 1;
    const Item = item({ ...eventsKey(ACME, id, next), body: '[]' });
    await engine.table.client.send(new PutItemCommand({ TableName: engine.table.name, Item }));
  }

  /** Each look at the clock is a second later, so that whoever tries again gives up after 20 of them. */
  function hurry(): void {
    let seconds = 0;
    const clock = {
      now: () => {
        seconds += 1;
        return new Date(Date.parse(START) + seconds * 1_000).toISOString();
      },
    };
    Object.assign(world.deps, { clock });
  }

  it('nothing happens: the promotion, its head and its deployments stay as they were, and the caller is told', async () => {
    const id = await requested('agent-1');
    await blockNextEvent(id);
    const before = await seen(id, 'agent-1');
    hurry();
    for (const [who, verb, body] of [
      ['alice', 'approve', undefined],
      ['alice', 'reject', { reason: 'no' }],
      ['dev', 'schedule', { at: '2026-11-22T09:00:00Z' }],
    ] as const) {
      const answer = await world.as(who)('POST', `${path}/${id}/${verb}`, body);
      expect(answer, verb).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    }
    expect(await seen(id, 'agent-1')).toEqual(before);
  });

  it('nobody can ask for the execution, and what was asked for does not execute', async () => {
    const [unasked, asked] = [await requested('agent-2'), await requested('agent-3')];
    for (const id of [unasked, asked]) await world.as('alice')('POST', `${path}/${id}/approve`);
    expect((await world.as('dev')('POST', `${path}/${asked}/execute`)).status).toBe(202);
    for (const id of [unasked, asked]) await blockNextEvent(id);
    const before = [await seen(unasked, 'agent-2'), await seen(asked, 'agent-3')];
    expect(before[0]?.promotion?.state.status).toBe('approved');
    hurry();
    const answer = await world.as('dev')('POST', `${path}/${unasked}/execute`);
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    await expect(world.run(asked)).rejects.toMatchObject({ name: 'Unavailable' });
    expect([await seen(unasked, 'agent-2'), await seen(asked, 'agent-3')]).toEqual(before);
    expect(world.deployed).toEqual([]);
  });

  async function seen(id: string, name: string) {
    const { promotions, heads, deployments } = world.deps;
    const subject = { kind: 'agent', name } as const;
    return {
      promotion: await promotions.read(ACME, id),
      heads: await heads.ofSubject(ACME, subject),
      live: await deployments.list(ACME, { by: 'environment', environment: 'production' }, { limit: 10 }),
    };
  }
});
