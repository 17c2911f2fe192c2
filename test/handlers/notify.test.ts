import { beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../../functions/domain/faults.ts';
import { notifyHandler } from '../../functions/handlers/events/notify.ts';
import type { DeliveryRef } from '../../functions/ports/deliveries.ts';
import { announcements } from '../../functions/use-cases/engine/announce.ts';
import { channel } from '../ports/channel-samples.ts';
import { promotionAfter } from '../support/decider-specification.ts';
import { memoryOrderedQueue } from '../support/memory/queue.ts';
import { PLACES } from '../support/promotions.ts';
import { ACME, createWorld, type World } from './api-world.ts';
import { testLog } from './log.ts';

const { state, events } = promotionAfter(...PLACES.completed);
/** Each announced by itself. */
const published = events.flatMap((event) => announcements(state, [event]));

describe('an event on the bus', () => {
  let world: World;
  let queue: ReturnType<typeof memoryOrderedQueue<DeliveryRef>>;
  let log: ReturnType<typeof testLog>;
  beforeEach(async () => {
    world = await createWorld();
    queue = memoryOrderedQueue<DeliveryRef>();
    log = testLog();
  });
  const handle = (detail: unknown) =>
    notifyHandler(
      () => ({ ...world.deps, queue }),
      log,
      () => {},
    )({ detail });
  const add = (id: string, change: Parameters<typeof channel>[3] = {}) =>
    world.commit(ACME, {
      write: 'catalog',
      entry: { type: 'channel', item: channel(ACME, id, undefined, change) },
      expected: 0,
    });
  const asked = () => queue.sent.map(({ message }) => message.channel_id);

  it('asks for a look by each channel that may hear of it, and no other', async () => {
    await add('chan-all');
    await add('chan-off', { status: 'disabled' });
    await add('chan-muted', { muted_until: '2027-01-01T00:00:00.000Z' });
    const filter = { events: 'all', environments: ['staging'], severities: 'all' } as const;
    await add('chan-staging', { filter });
    await handle(published[0]);
    expect(asked()).toEqual(['chan-all']);
    await handle(published[1]);
    expect(asked()).toEqual(['chan-all', 'approvals-by-mail', 'chan-all']);
    expect(queue.sent[0]?.message).toEqual({
      tenant: ACME,
      channel_id: 'chan-all',
      promotion_id: state.id,
    });
  });

  it('asks once however often it comes, and looks at one promotion for one channel stand in one line', async () => {
    await add('chan-all');
    await add('chan-other');
    for (const detail of [published[0], published[0], published[1]]) await handle(detail);
    const groups = new Map(queue.sent.map(({ message, group }) => [message.channel_id, group]));
    expect(asked().filter((id) => id === 'chan-all')).toHaveLength(2);
    expect(new Set(queue.sent.map(({ group }) => group)).size).toBe(groups.size);
    expect(new Set(groups.values()).size).toBe(groups.size);
  });

  it('that others follow asks nothing; the last asks once, for whoever hears of any of them', async () => {
    const hearing = (event: 'requested' | 'completed' | 'rejected') =>
      ({ filter: { events: [event], environments: 'all', severities: 'all' } }) as const;
    await add('chan-requested', hearing('requested'));
    await add('chan-completed', hearing('completed'));
    await add('chan-rejected', hearing('rejected'));
    const counted: object[] = [];
    const handler = notifyHandler(
      () => ({ ...world.deps, queue }),
      log,
      (some) => void counted.push(some),
    );
    for (const detail of announcements(state, events)) await handler({ detail });
    expect(counted).toEqual([{ promotions_completed: 1 }]);
    expect(asked().toSorted()).toEqual(['approvals-by-mail', 'chan-completed', 'chan-requested']);
  });

  it('of another tenant asks none of this one’s channels', async () => {
    await add('chan-all');
    const [event] = published;
    const customData = { ...event?.data.customData, tenant: 'globex' };
    await handle({ ...event, data: { ...event?.data, customData } });
    expect(asked()).toEqual([]);
  });

  it.each([
    ['nothing', undefined],
    ['another shape', { specversion: '1.0', id: '1', type: 't', data: {} }],
    [
      'an id that is none',
      { specversion: '1.0', id: '1', type: 't', data: { customData: { tenant: 'a#b', promotion_id: 'x' } } },
    ],
  ])('is dropped when it is %s, and the log says so', async (_, detail) => {
    await handle(detail);
    expect(log.lines).toMatchObject([{ level: 'warn', message: 'not_a_promotion_event' }]);
    expect(asked()).toEqual([]);
  });

  it('fails with the fault, so that it is delivered again', async () => {
    await add('chan-all');
    const away = { send: () => Promise.reject(new Fault('Unavailable', 'the queue is away')) };
    const handler = notifyHandler(
      () => ({ ...world.deps, queue: away }),
      log,
      () => {},
    );
    await expect(handler({ detail: published[0] })).rejects.toThrow('away');
  });
});
