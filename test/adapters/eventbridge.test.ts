import { describe, expect, it } from 'vitest';
import { eventBridgeBus } from '../../functions/adapters/eventbridge/bus.ts';
import { type CloudEvent, cloudEvent } from '../../functions/domain/notification/cloud-event.ts';
import { busClient } from '../statemachines/support/cloud-clients.ts';

const event = (n: number): CloudEvent =>
  cloudEvent({
    tenant: 'acme',
    id: `prom-1-${n}`,
    type: 'dev.cdeventsx.sluice-promotion.completed.0.1.0',
    subject: 'prom-1',
    at: '2026-11-21T09:00:00.000Z',
    content: { n },
    custom: {},
  });

describe('the bus on EventBridge', () => {
  it('puts whole CloudEvents, ten at a time', async () => {
    const published: unknown[] = [];
    const client = busClient(published);
    const sizes: number[] = [];
    client.middlewareStack.add(
      (next) => (args) => {
        if ('Entries' in args.input) {
          const { Entries = [] } = args.input;
          sizes.push(Entries.length);
          for (const entry of Entries) {
            expect(entry).toMatchObject({
              EventBusName: 'sluice',
              Source: 'sluice',
              DetailType: event(0).type,
            });
          }
        }
        return next(args);
      },
      { step: 'initialize' },
    );
    const events = Array.from({ length: 23 }, (_, n) => event(n));
    await eventBridgeBus({ client, name: 'sluice' }).publish(events);
    expect(sizes).toEqual([10, 10, 3]);
    expect(published).toEqual(events);
  });

  it('calls nothing for nothing', async () => {
    const published: unknown[] = [];
    await eventBridgeBus({ client: busClient(published), name: 'sluice' }).publish([]);
    expect(published).toEqual([]);
  });

  it('takes a 200 that left an entry out for Unavailable', async () => {
    const client = busClient([]);
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        Object.assign(result.output, {
          FailedEntryCount: 1,
          Entries: [{ ErrorCode: 'ThrottlingException' }],
        });
        return result;
      },
      { step: 'initialize' },
    );
    await expect(eventBridgeBus({ client, name: 'sluice' }).publish([event(1)])).rejects.toMatchObject({
      name: 'Unavailable',
      message: expect.stringContaining('ThrottlingException'),
    });
  });

  it('makes what the service throws a fault', async () => {
    const client = busClient([]);
    client.middlewareStack.add(
      () => () => Promise.reject(Object.assign(new Error(), { name: 'InternalException' })),
      {
        step: 'initialize',
      },
    );
    const publishing = eventBridgeBus({ client, name: 'sluice' }).publish([event(1)]);
    await expect(publishing).rejects.toMatchObject({ name: 'Unavailable' });
  });
});
