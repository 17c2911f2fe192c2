import { describe, expect, it } from 'vitest';
import { exportLine, readLine } from '../../../functions/domain/audit/export-item.ts';
import { canonicalJson } from '../../../functions/domain/jcs.ts';

/** What a line may hold, as far as it is looked at, in the order of RFC 8785. */
const EVENT = { chain: 'promotion/prom-1', event: { event: { type: 'requested' }, prev: null, seq: 1 } };
const REVISION = {
  chain: 'slot/config',
  revision: { number: 1, prev: 'x', slot: { subject: { kind: 'config' } } },
};
const CHANGE = { chain: 'changes', change: { prev: null, seq: 1, values: { after: {}, before: {} } } };
const EVIDENCE = { evidence: { gate: 'tests' } };
const HEAD = { chain: 'changes', digest: 'sha256:0', length: 1 };
const PART = { from: 'a', last: false, next: 'b', number: 1, prev: null };
const CHECKPOINT = { checkpoint: { chains: [HEAD], part: PART }, signature: { value: 'x' } };

const kindOf = (item: unknown): string => readLine(canonicalJson(item)).kind;

describe('a line of an export', () => {
  it.each([
    ['event', EVENT],
    ['revision', REVISION],
    ['change', CHANGE],
    ['change', { ...CHANGE, change: { prev: 'x', seq: 2 } }],
    ['change', { ...CHANGE, change: { prev: 'x', seq: 2, values: {} } }],
    ['evidence', EVIDENCE],
    ['checkpoint', CHECKPOINT],
    ['checkpoint', { ...CHECKPOINT, checkpoint: { chains: [] } }],
    ['checkpoint', { ...CHECKPOINT, checkpoint: { chains: [], part: { last: true, number: 1, prev: 'x' } } }],
  ] as const)('is read as the %s that it is: %j', (kind, item) => {
    expect(readLine(canonicalJson(item))).toMatchObject({ kind });
  });

  it('gives what it holds', () => {
    expect(readLine(canonicalJson(EVENT))).toEqual({ kind: 'event', ...EVENT });
    expect(readLine(canonicalJson(REVISION))).toEqual({ kind: 'revision', ...REVISION });
    expect(readLine(canonicalJson(CHANGE))).toEqual({ kind: 'change', ...CHANGE });
    expect(readLine(canonicalJson(EVIDENCE))).toEqual({ kind: 'evidence', ...EVIDENCE });
    expect(readLine(canonicalJson(CHECKPOINT))).toEqual({ kind: 'checkpoint', signed: CHECKPOINT });
  });

  const event = (more: object) => ({ ...EVENT, event: { ...EVENT.event, ...more } });
  const revision = (more: object) => ({ ...REVISION, revision: { ...REVISION.revision, ...more } });
  const change = (more: object) => ({ ...CHANGE, change: { ...CHANGE.change, ...more } });
  const checkpoint = (more: object) => ({ ...CHECKPOINT, checkpoint: { ...CHECKPOINT.checkpoint, ...more } });
  const part = (more: object) => checkpoint({ part: { ...PART, ...more } });
  const head = (more: object) => checkpoint({ chains: [HEAD, { ...HEAD, ...more }] });
  it.each([
    // Which chain it stands in is said by every entry, as text.
    { ...EVENT, chain: 1 },
    { ...REVISION, chain: null },
    { ...CHANGE, chain: ['changes'] },
    { event: EVENT.event },
    // Nothing beside what an item has.
    { ...EVENT, more: 1 },
    { ...EVENT, ...REVISION },
    { ...EVIDENCE, more: 1 },
    { ...CHECKPOINT, more: 1 },
    {},
    { chain: 'changes' },
    // Nothing of another shape.
    { ...EVENT, event: 'requested' },
    event({ seq: '1' }),
    event({ seq: 1.5 }),
    event({ prev: 1 }),
    event({ event: 'requested' }),
    event({ event: {} }),
    event({ event: { type: 1 } }),
    { ...REVISION, revision: 'x' },
    revision({ number: '1' }),
    revision({ number: 0.5 }),
    revision({ prev: {} }),
    revision({ slot: null }),
    revision({ slot: {} }),
    revision({ slot: { subject: 'config' } }),
    { ...CHANGE, change: [] },
    change({ seq: null }),
    change({ prev: 5 }),
    change({ values: 'x' }),
    change({ values: null }),
    change({ values: { before: 1 } }),
    change({ values: { after: [] } }),
    { evidence: 'tests' },
    { evidence: null },
    { evidence: {} },
    { evidence: { gate: 1 } },
    { ...CHECKPOINT, checkpoint: 'x' },
    { ...CHECKPOINT, signature: 'x' },
    { ...CHECKPOINT, signature: {} },
    { ...CHECKPOINT, signature: { value: 1 } },
    checkpoint({ chains: {} }),
    checkpoint({ chains: ['changes'] }),
    head({ chain: 1 }),
    head({ length: '1' }),
    head({ length: 1.5 }),
    head({ digest: null }),
    checkpoint({ part: 'x' }),
    checkpoint({ part: null }),
    part({ number: '1' }),
    part({ prev: 1 }),
    part({ last: 'yes' }),
    part({ from: 1 }),
    part({ next: null }),
  ])('is no item where it is %j', (item) => {
    expect(readLine(canonicalJson(item))).toEqual({
      kind: 'unreadable',
      problem: 'is no item of an export',
    });
  });

  it.each([
    ['', 'is no JSON'],
    ['{"chain"', 'is no JSON'],
    ['null', 'is no object'],
    ['[]', 'is no object'],
    ['"x"', 'is no object'],
    ['{ "evidence":{"gate":"tests"}}', 'is not written as it was exported'],
    ['{"evidence":{"gate":"tests"},"evidence":{"gate":"tests"}}', 'is not written as it was exported'],
    ['{"event":{"event":{"type":"x"},"prev":null,"seq":1},"chain":"c"}', 'is not written as it was exported'],
    ['{"evidence":{"gate":"\\ud800"}}', 'is not written as it was exported'],
  ])('%j %s', (line, problem) => {
    expect(readLine(line)).toEqual({ kind: 'unreadable', problem });
  });

  it('is written in one way', () => {
    const turned = { event: { seq: 1, prev: null, event: { type: 'requested' } }, chain: EVENT.chain };
    expect(kindOf(turned)).toBe('event');
    expect(exportLine(JSON.parse(JSON.stringify(turned)))).toBe(canonicalJson(EVENT));
  });
});
