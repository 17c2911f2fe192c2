import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { item } from '../../functions/adapters/dynamodb/item.ts';
import { eventsKey } from '../../functions/adapters/dynamodb/keys.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { tableStores } from '../support/replayed-stores.ts';
import { ACME, createWorld, START, type World } from './api-world.ts';

const path = '/api/v1/promotions';

describe.skipIf(skipWithoutEngine())('where the record cannot be written', () => {
  let engine: Engine;
  let world: World;
  let id: string;

  beforeAll(async () => {
    engine = await startEngine();
    world = await createWorld((now) => tableStores(engine.table, now));
    for (const environment of ['staging', 'production']) {
      await world.as('admin')('POST', '/api/v1/gateways', { id: `gw-${environment}`, environment });
    }
    await world.as('dev')('POST', '/api/v1/deployments', {
      id: 'dep-1',
      agent_id: 'agent-1',
      gateway_id: 'gw-staging',
      environment: 'staging',
    });
    const made = await world.as('dev')('POST', path, {
      agent_id: 'agent-1',
      source_deployment_id: 'dep-1',
      target_gateway_id: 'gw-production',
      target_environment: 'production',
    });
    id = made.body.id;
  });
  afterAll(() => engine?.stop());

  /** Something stands where the next event must be written, so that this one item of the commit cannot be. */
  async function blockNextEvent(): Promise<void> {
    const stored = await world.deps.promotions.read(ACME, id);
    const next = (stored?.state.seq ?? 0) + 1;
    const Item = item({ ...eventsKey(ACME, id, next), body: '[]' });
    await engine.table.client.send(new PutItemCommand({ TableName: engine.table.name, Item }));
  }

  it('nothing happens: the promotion, its head and its deployments stay as they were, and the caller is told', async () => {
    await blockNextEvent();
    const before = await seen();
    // Each look at the clock is a second later, so that whoever tries again gives up after 20 of them.
    let seconds = 0;
    const clock = {
      now: () => {
        seconds += 1;
        return new Date(Date.parse(START) + seconds * 1_000).toISOString();
      },
    };
    Object.assign(world.deps, { clock });
    for (const [who, verb, body] of [
      ['alice', 'approve', undefined],
      ['alice', 'reject', { reason: 'no' }],
      ['dev', 'schedule', { at: '2026-11-22T09:00:00Z' }],
    ] as const) {
      const answer = await world.as(who)('POST', `${path}/${id}/${verb}`, body);
      expect(answer, verb).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    }
    expect(await seen()).toEqual(before);
  });

  async function seen() {
    const { promotions, heads, deployments } = world.deps;
    const subject = { kind: 'agent', name: 'agent-1' } as const;
    return {
      promotion: await promotions.read(ACME, id),
      heads: await heads.ofSubject(ACME, subject),
      live: await deployments.list(ACME, { by: 'environment', environment: 'production' }, { limit: 10 }),
    };
  }
});
