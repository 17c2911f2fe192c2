import { describe, expect, it } from 'vitest';
import { type ChangeFilter, isAsked, nextChange } from '../../../functions/domain/audit/change.ts';

const at = '2026-11-22T10:00:00.000Z';
const actor = { kind: 'person', subject: 'sub-alice', user_id: 'u-1', email: 'Alice@acme.com' } as const;
const target = { type: 'policy', id: 'pol-1' } as const;
const change = nextChange(undefined, { action: 'create', target, after: { id: 'pol-1' } }, { at, actor });

describe('a change that is looked for', () => {
  it.each<[string, ChangeFilter, boolean]>([
    ['nothing in particular', {}, true],
    ['its noun', { type: 'policy' }, true],
    ['another noun', { type: 'rule' }, false],
    ['its id', { id: 'pol-1' }, true],
    ['another id', { id: 'pol-2' }, false],
    ['its noun and another id', { type: 'policy', id: 'pol-2' }, false],
    ['another noun and its id', { type: 'rule', id: 'pol-1' }, false],
    ['who made it, by subject', { person: 'sub-alice' }, true],
    ['who made it, by e-mail in another case', { person: 'aLICE@acme.com' }, true],
    ['somebody else', { person: 'bob@acme.com' }, false],
    ['somebody else and its noun', { type: 'policy', person: 'bob@acme.com' }, false],
    ['from its instant on', { from: at }, true],
    ['from later on', { from: '2026-11-22T10:00:00.001Z' }, false],
    ['before its instant', { before: at }, false],
    ['until after it', { before: '2026-11-22T10:00:00.001Z' }, true],
    ['all that it is', { type: 'policy', id: 'pol-1', person: 'alice@acme.com', from: at }, true],
  ])('%s', (_, filter, expected) => {
    expect(isAsked(change, filter)).toBe(expected);
  });

  it.each([
    ['sub-carol', true],
    ['CAROL@acme.com', true],
    ['sub-alice', true],
    ['sub-bob', false],
  ])('finds who confirmed it beside who made it: %s', (person, expected) => {
    const confirmed_by = { ...actor, subject: 'sub-carol', email: 'carol@acme.com' };
    expect(isAsked({ ...change, confirmed_by }, { person })).toBe(expected);
  });
});
