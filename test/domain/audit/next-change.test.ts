import { describe, expect, it } from 'vitest';
import { changeDigest, nextChange } from '../../../functions/domain/audit/change.ts';
import { digest } from '../../../functions/domain/digest.ts';
import type { Actor } from '../../../functions/domain/identity/principal.ts';

const BY: Actor = { subject: 'admin', email: 'admin@acme.com', kind: 'person' };
const SECOND: Actor = { subject: 'root', email: 'root@acme.com', kind: 'person' };
const now = { at: '2026-11-23T10:00:00.000Z', actor: BY };
const target = { type: 'environment', id: 'production' } as const;
const first = nextChange(undefined, { action: 'create', target, after: { rank: 1 } }, now);

describe('a change of what governs', () => {
  it('is the first of its chain where nothing came before, and says nothing that nobody said', () => {
    expect(first).toEqual({
      v: 2,
      seq: 1,
      ...now,
      action: 'create',
      target,
      before: null,
      after: digest('sluice/catalog/v1', { rank: 1 }),
      prev: null,
      values: { after: { rank: 1 } },
    });
    for (const name of ['reason', 'weakens', 'confirmed_by', 'unconfirmed'])
      expect(first).not.toHaveProperty(name);
  });

  it('keeps all that was said with it, and follows the one before', () => {
    const weakens = [{ environment: 'production', what: 'gates', kinds: ['config'] }] as const;
    const said = {
      reason: 'a drill',
      weakens,
      confirmed_by: SECOND,
      unconfirmed: 'no_second_admin',
    } as const;
    const values = { before: { rank: 1 }, after: { rank: 2 } };
    const second = nextChange(first, { action: 'update', target, ...said, ...values }, now);
    expect(second).toEqual({
      v: 2,
      seq: 2,
      ...now,
      action: 'update',
      target,
      reason: 'a drill',
      weakens,
      confirmed_by: SECOND,
      unconfirmed: 'no_second_admin',
      before: first.after,
      after: digest('sluice/catalog/v1', { rank: 2 }),
      prev: changeDigest(first),
      values: { before: { rank: 1 }, after: { rank: 2 } },
    });
  });

  it('has a digest that its values are no part of, and everything else is', () => {
    const { values: _, ...without } = first;
    expect(changeDigest(without)).toBe(changeDigest(first));
    for (const other of [
      { ...first, reason: '' },
      { ...first, seq: 2 },
      { ...first, actor: SECOND },
    ])
      expect(changeDigest(other)).not.toBe(changeDigest(first));
  });
});
