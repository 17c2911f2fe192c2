import { describe, expect, it } from 'vitest';
import type { Channel, ChannelFilter } from '../../../functions/domain/notification/channel.ts';
import { hears, hearsMore, listens } from '../../../functions/domain/notification/filter.ts';
import { type Notice, noticesOf } from '../../../functions/domain/notification/notice.ts';
import { promotionAfter } from '../../support/decider-specification.ts';
import { NOON } from '../../support/promotion-facts.ts';
import { PLACES } from '../../support/promotions.ts';

const EVERYTHING: ChannelFilter = { events: 'all', environments: 'all', severities: 'all' };

function channel(change: Partial<Omit<Channel, 'type'>> = {}): Channel {
  return {
    id: 'chan-1',
    tenant: 'acme',
    name: 'operations',
    filter: EVERYTHING,
    status: 'active',
    since: '2026-11-21T00:00:00.000Z',
    created_by: 'admin',
    created_at: '2026-11-21T00:00:00.000Z',
    updated_at: '2026-11-21T00:00:00.000Z',
    version: 1,
    ...change,
    type: 'webhook',
    url: 'https://hooks.acme.com/',
    secret_ref: 'sluice/acme/webhook/hook',
  };
}

/** Notices of a promotion to production that failed, by verb: all of noon. */
const { state, events } = promotionAfter(...PLACES.failed);
const notices = noticesOf(events, state);
const heard = (given: Channel) =>
  notices.filter((notice: Notice) => hears(given, notice)).map(({ verb }) => verb);

describe('given a channel that hears everything', () => {
  it('then it is told of every event', () => {
    expect(heard(channel())).toHaveLength(events.length);
  });

  it('then not of what happened before it listened; of what happens that very instant it is', () => {
    expect(heard(channel({ since: '2026-11-21T12:00:00.001Z' }))).toEqual([]);
    expect(heard(channel({ since: NOON }))).toHaveLength(events.length);
  });
});

describe('given a filter', () => {
  const filtered = (filter: Partial<ChannelFilter>) =>
    heard(channel({ filter: { ...EVERYTHING, ...filter } }));

  it('then only events, environments and severities that it names are told', () => {
    expect(filtered({ events: ['failed', 'approved'] })).toEqual(['approved', 'failed']);
    expect(filtered({ severities: ['critical'] })).toEqual(['failed']);
    expect(filtered({ environments: ['production'] })).toHaveLength(events.length);
    expect(filtered({ environments: ['staging'] })).toEqual([]);
  });

  it('then all three must hold', () => {
    expect(filtered({ events: ['failed'], severities: ['info'] })).toEqual([]);
  });

  it('then a request for approval is told by that name, whatever event made it', () => {
    expect(filtered({ events: ['approvalrequested'] })).toEqual(['assessed']);
  });

  it('then an empty list names nothing', () => {
    expect(filtered({ events: [] })).toEqual([]);
  });
});

describe('given a muted channel', () => {
  it('then what happens before the instant is not told, and from that instant on it is', () => {
    expect(heard(channel({ muted_until: '2026-11-21T12:00:00.001Z' }))).toEqual([]);
    expect(heard(channel({ muted_until: NOON }))).toHaveLength(events.length);
  });
});

describe('given a disabled channel', () => {
  it('then nothing is told', () => {
    expect(heard(channel({ status: 'disabled' }))).toEqual([]);
  });
});

describe('whether an event is worth a look', () => {
  const failed = { environment: 'production', verb: 'failed' } as const;
  const filtered = (filter: Partial<ChannelFilter>) => channel({ filter: { ...EVERYTHING, ...filter } });

  it('depends on environment, event, mute and status at that moment', () => {
    expect(listens(channel(), failed, NOON)).toBe(true);
    expect(listens(channel({ muted_until: NOON }), failed, NOON)).toBe(true);
    expect(listens(channel({ muted_until: '2026-11-21T12:00:00.001Z' }), failed, NOON)).toBe(false);
    expect(listens(channel({ status: 'disabled' }), failed, NOON)).toBe(false);
    expect(listens(filtered({ environments: ['production'] }), failed, NOON)).toBe(true);
    expect(listens(filtered({ environments: ['staging'] }), failed, NOON)).toBe(false);
    expect(listens(filtered({ events: ['completed'] }), failed, NOON)).toBe(false);
  });

  it('never says no where a notice of the chain would be told', () => {
    for (const place of Object.values(PLACES)) {
      const history = promotionAfter(...place);
      for (const notice of noticesOf(history.events, history.state)) {
        for (const name of ['approvalrequested', notice.verb] as const) {
          const given = filtered({ events: [name] });
          if (hears(given, notice)) expect(listens(given, notice, NOON)).toBe(true);
        }
      }
    }
  });
});

describe('a filter that is changed', () => {
  const narrow: ChannelFilter = {
    events: ['failed'],
    environments: ['production'],
    severities: ['critical'],
  };

  it.each([
    ['an event more', narrow, { ...narrow, events: ['failed', 'completed'] }, true],
    ['another environment', narrow, { ...narrow, environments: ['staging'] }, true],
    ['all severities', narrow, { ...narrow, severities: 'all' }, true],
    ['nothing else', narrow, narrow, false],
    ['less', EVERYTHING, narrow, false],
  ] as const)('to %s says whether it hears more', (_, before, after, more) => {
    expect(hearsMore(before, after)).toBe(more);
  });
});
