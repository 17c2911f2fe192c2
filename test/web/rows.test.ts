import { describe, expect, it } from 'vitest';
import type { OverviewView } from '../../functions/contract/overview.ts';
import { promotionView } from '../../functions/handlers/http/promotion-views.ts';
import { filtered, isSet, rowsOf } from '../../web/matrix/rows.ts';
import { by, promotionAfter } from '../support/decider-specification.ts';
import { alice, asks } from '../support/promotion-facts.ts';

const NAMES = ['development', 'staging', 'production'] as const;

const digest = (letter: string) => `sha256:${letter.repeat(64)}` as const;

/** A subject by what runs in each environment: a letter for each content, `-` for none. */
function subject(name: string, contents: string): OverviewView['subjects'][number] {
  const active = NAMES.flatMap((environment, at) => {
    const letter = contents[at] ?? '-';
    if (letter === '-') return [];
    const place = { environment, gateway_id: null, deployment_id: null, revision: at + 1, version: null };
    return [{ ...place, digest: digest(letter), since: `2026-11-21T0${at}:00:00.000Z` }];
  });
  return { kind: 'agent', name, active };
}

const overview = (...subjects: OverviewView['subjects']): OverviewView => ({
  as_of: '2026-11-22T00:00:00.000Z',
  environments: NAMES.map((name) => ({ name, aliases: [], protected: false, lock: null, freeze: null })),
  subjects,
  promotions: [],
  waiting: [],
  complete: true,
});

const levels = (contents: string) =>
  rowsOf(overview(subject('a', contents)))[0]?.cells.map(({ level }) => level);

describe('a row of the matrix', () => {
  it.each([
    ['aaa', [4, 4, 4], 'level'],
    ['aab', [4, 4, 3], 'uneven'],
    ['abc', [4, 3, 2], 'uneven'],
    ['aba', [4, 3, 4], 'uneven'],
    ['a--', [4, 0, 0], 'uneven'],
    ['-a-', [0, 4, 0], 'uneven'],
    ['--a', [0, 0, 4], 'level'],
  ] as const)('of the contents %s stands at the levels %j', (contents, expected, group) => {
    expect(levels(contents)).toEqual(expected);
    expect(rowsOf(overview(subject('a', contents)))[0]?.group).toBe(group);
  });

  it('says where several gateways of one environment run different content', () => {
    const one = subject('a', 'aab');
    const [first] = one.active;
    if (first === undefined) throw new Error('nothing is active');
    const other = { ...first, gateway_id: 'gw-2', digest: digest('z'), since: '2026-11-20T00:00:00.000Z' };
    const [row] = rowsOf(overview({ ...one, active: [...one.active, other] }));
    expect(row?.cells[0]).toMatchObject({ others: 1, active: { digest: digest('a') } });
  });

  it('is found by every word in its name, its versions and its digests', () => {
    const rows = rowsOf(overview(subject('payments', 'aab'), subject('ledger', 'ccc')));
    const found = (text: string) =>
      filtered(rows, { text, kind: undefined, only: undefined }).map(({ name }) => name);
    expect(found('pay')).toEqual(['payments']);
    expect(found('CCCCCC ledg')).toEqual(['ledger']);
    expect(found('payments ledger')).toEqual([]);
    expect(isSet({ text: ' ', kind: undefined, only: undefined })).toBe(false);
  });
});

describe('what moves in the matrix', () => {
  const asked = (id: string, name: string) => asks.request({ id, subject: { kind: 'agent', name } });
  const pending = (id: string, name = 'a') => promotionView(promotionAfter(asked(id, name)).state);
  const approved = (id: string, name = 'a') =>
    promotionView(promotionAfter(asked(id, name), by(alice, asks.approve())).state);
  const executing = (id: string) =>
    promotionView(
      promotionAfter(
        asked(id, 'a'),
        by(alice, asks.approve()),
        asks.requestExecution(),
        asks.startExecution(),
      ).state,
    );
  const rows = (...promotions: OverviewView['promotions']) =>
    rowsOf({ ...overview(subject('a', 'aaa'), subject('b', 'aab')), promotions });
  const moving = (...promotions: OverviewView['promotions']) =>
    rows(...promotions)[0]?.cells.map(({ promotion }) => promotion?.id);

  it('is a group of its own, by the place to which it moves', () => {
    const [first, second] = rows(pending('prom-1'));
    expect([first?.group, second?.group]).toEqual(['moving', 'uneven']);
    expect(moving(pending('prom-1'))).toEqual([undefined, undefined, 'prom-1']);
  });

  it('is of several promotions the one that is furthest', () => {
    expect(moving(pending('prom-1'), approved('prom-2'))?.[2]).toBe('prom-2');
    expect(moving(approved('prom-2'), executing('prom-3'), pending('prom-1'))?.[2]).toBe('prom-3');
  });

  it('has a row where nothing runs yet, once for all its promotions', () => {
    const found = rows(pending('prom-1', 'new'), approved('prom-2', 'new'));
    expect(found.map(({ name }) => name)).toEqual(['a', 'b', 'new']);
    expect(found[2]).toMatchObject({ group: 'moving', cells: [{ level: 0 }, { level: 0 }, { level: 0 }] });
  });

  it('is found by the id of its promotion, and by asking for what moves', () => {
    const all = rows(pending('prom-1'));
    const by = (filter: Partial<Parameters<typeof filtered>[1]>) =>
      filtered(all, { text: '', kind: undefined, only: undefined, ...filter }).map(({ name }) => name);
    expect(by({ text: 'PROM-1' })).toEqual(['a']);
    expect(by({ only: 'moving' })).toEqual(['a']);
    expect(by({ only: 'uneven' })).toEqual(['b']);
    expect(by({ only: 'stopped' })).toEqual([]);
    expect(by({ kind: 'config' })).toEqual([]);
  });
});
