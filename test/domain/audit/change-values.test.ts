import { describe, expect, it } from 'vitest';
import {
  type Change,
  changeDigest,
  nextChange,
  wrongValues,
} from '../../../functions/domain/audit/change.ts';
import { recordedChannel } from '../../../functions/domain/audit/recorded.ts';
import { digest } from '../../../functions/domain/digest.ts';
import { SYSTEM } from '../../../functions/domain/identity/principal.ts';

const at = '2026-11-22T10:00:00.000Z';
const target = { type: 'policy', id: 'pol-1' } as const;
const before = { id: 'pol-1', required_approvers: 2 };
const after = { id: 'pol-1', required_approvers: 1 };
const change = nextChange(undefined, { action: 'update', target, before, after }, { at, actor: SYSTEM });

/** A change as it was recorded before changes carried values. */
const OLD: Change = {
  v: 1,
  seq: 1,
  at,
  actor: SYSTEM,
  action: 'update',
  target,
  before: digest('sluice/catalog/v1', before),
  after: digest('sluice/catalog/v1', after),
  prev: null,
};

describe('a change with values', () => {
  it('carries what stood before and after, under their digests', () => {
    expect(change.values).toEqual({ before, after });
    expect([change.before, change.after]).toEqual([OLD.before, OLD.after]);
    expect(wrongValues(change)).toBeUndefined();
  });

  it('is named by a digest that does not hold the values themselves', () => {
    const { values: _, ...bare } = change;
    expect(changeDigest(change)).toBe(digest('sluice/change/v1', bare));
  });

  it.each<[string, Change['values']]>([
    ['another value before', { before: after, after }],
    ['another value after', { before, after: before }],
    ['no value before', { after }],
  ])('does not verify with %s', (_, values) => {
    expect(wrongValues({ ...change, ...(values === undefined ? {} : { values }) })).toBeDefined();
  });

  it('does not verify without its values', () => {
    const { values: _, ...bare } = change;
    expect(wrongValues(bare)).toBe('lacks the values that its digests name');
  });
});

describe('a change of the form without values', () => {
  it('keeps its digest and verifies', () => {
    expect(changeDigest(OLD)).toBe('sha256:92fddfc98dbe79d9166b4a05daa058e3c09440b732119b9dbb187f3908c9e390');
    expect(wrongValues(OLD)).toBeUndefined();
  });

  it('does not verify with values that its form does not have', () => {
    expect(wrongValues({ ...OLD, values: { before, after } })).toBeDefined();
  });
});

describe('a recorded channel', () => {
  const webhook = {
    id: 'chan-1',
    tenant: 'acme',
    name: 'hook',
    filter: { events: 'all', environments: 'all', severities: 'all' },
    status: 'active',
    since: at,
    created_by: 'a',
    created_at: at,
    updated_at: at,
    version: 1,
    type: 'webhook',
    url: 'https://hooks.example.com/T0/secret-part?token=hidden',
    secret_ref: 'sluice/acme/webhook/one',
  } as const;

  it('tells the host of a webhook, and not the rest of its address', () => {
    const text = JSON.stringify(recordedChannel(webhook));
    expect(text).toContain('https://hooks.example.com/…');
    expect(text).toContain(webhook.secret_ref);
    expect(recordedChannel(webhook)).toMatchObject({ url: expect.stringMatching(/…[0-9a-f]{12}$/) });
    expect(text).not.toMatch(/secret-part|hidden/);
  });

  it('shows that an address changed', () => {
    const moved = { ...webhook, url: 'https://hooks.example.com/T0/another' };
    expect(recordedChannel(moved)).not.toEqual(recordedChannel(webhook));
  });
});
