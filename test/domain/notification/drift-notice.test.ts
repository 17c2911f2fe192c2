import { describe, expect, it } from 'vitest';
import type { Channel, ChannelFilter } from '../../../functions/domain/notification/channel.ts';
import {
  type DriftNotice,
  driftEvent,
  hearsDrift,
} from '../../../functions/domain/notification/drift-notice.ts';
import { contentOf, NOON } from '../../support/promotion-facts.ts';

const EVERYTHING: ChannelFilter = { events: 'all', environments: 'all', severities: 'all' };
const LATER = '2026-11-21T13:00:00.000Z';
const EARLIER = '2026-11-21T11:00:00.000Z';

const notice: DriftNotice = {
  id: 'drift-1',
  tenant: 'acme',
  environment: 'production',
  kind: 'agent',
  name: 'agent-123',
  observed: { as: 'digest', value: contentOf('other') },
  recorded: contentOf('one'),
  at: NOON,
  by: 'watcher@machines',
};
const channel = (change: Partial<Omit<Channel, 'type'>> = {}): Channel => ({
  id: 'chan-1',
  tenant: 'acme',
  name: 'operations',
  filter: EVERYTHING,
  status: 'active',
  since: EARLIER,
  created_by: 'admin',
  created_at: EARLIER,
  updated_at: EARLIER,
  version: 1,
  ...change,
  type: 'webhook',
  url: 'https://hooks.acme.com/',
  secret_ref: 'sluice/acme/webhook/hook',
});

describe('a change that went past Sluice', () => {
  it.each<[string, Parameters<typeof channel>[0], boolean]>([
    ['that hears everything', {}, true],
    ['that is switched off', { status: 'disabled' }, false],
    ['that listens since that moment', { since: NOON }, true],
    ['that listens since later', { since: LATER }, false],
    ['that was muted', { muted_until: LATER }, false],
    ['that is muted no more', { muted_until: NOON }, true],
    ['that hears of just that', { filter: { ...EVERYTHING, events: ['driftdetected'] } }, true],
    ['that hears of other events', { filter: { ...EVERYTHING, events: ['completed'] } }, false],
    ['of another environment', { filter: { ...EVERYTHING, environments: ['staging'] } }, false],
    ['of failures alone', { filter: { ...EVERYTHING, severities: ['critical'] } }, false],
  ])('is told, or is not, to a channel %s', (_, change, told) => {
    expect(hearsDrift(channel(change), notice)).toBe(told);
  });

  it('names the gateway behind which it was seen, where there is one', () => {
    const custom = (seen: DriftNotice) => driftEvent(seen).data.customData;
    expect(custom(notice)).not.toHaveProperty('gateway');
    expect(custom({ ...notice, gateway: 'gw-789' })).toMatchObject({ gateway: 'gw-789' });
  });
});
