import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyExport } from '../../../functions/domain/audit/verify.ts';
import { canonicalJson } from '../../../functions/domain/jcs.ts';
import { inTurn, times } from '../../support/length.ts';
import { testSigner } from '../../support/signer.ts';
import { busyTenant } from './busy-tenant.ts';

const items = await busyTenant();
const lines = items.map(({ line }) => line);
const publicKey = await testSigner.publicKey();
const named = (changed: readonly string[]) =>
  verifyExport(changed, publicKey).problems.map(({ item }) => item);
const at = (index: number) => {
  const item = items[index];
  if (item === undefined) throw new Error('no item');
  return item;
};
const replaced = (index: number, ...by: readonly string[]) => lines.toSpliced(index, 1, ...by);
/** Items with their places; in `npm test` every fifth, from another one on for each test. */
const some = (turn: number) => inTurn([...items.entries()], 5, turn);
/** Whether a name is that of an item of a chain, which has neighbours. */
const inChain = (name: string) => /(event|revision|change) \d+$/.test(name);
const chainOf = (name: string) => name.replace(/ \d+$/, '');

describe('verification of an export', () => {
  it('finds nothing wrong with what was recorded, in any order of chains', () => {
    const whole = verifyExport(lines, publicKey);
    expect(whole).toMatchObject({ problems: [], beyond: 0, evidence: 2 });
    expect(whole.entries).toBe(lines.length - 3);
    expect(whole.decisions).toBeGreaterThan(20);
    const chains = Map.groupBy(items, ({ name }) => chainOf(name));
    const turned = [...chains.values()].reverse().flatMap((chain) => chain.map(({ line }) => line));
    expect(verifyExport(turned, publicKey)).toEqual(whole);
  });

  it('names the item of which any single byte was changed', () => {
    fc.assert(
      fc.property(
        fc.nat(lines.length - 1),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        (index, where, flip) => {
          const { name, line } = at(index);
          const bytes = Buffer.from(line);
          const place = Math.floor(where * bytes.length);
          bytes[place] = (bytes[place] ?? 0) ^ flip;
          expect(named(replaced(index, bytes.toString('utf8')))).toContain(name);
        },
      ),
      { numRuns: times(50, 4_000) },
    );
  });

  it('names the checkpoint and the revision of which any byte at all was changed, one after the other', () => {
    for (const index of [0, items.findIndex(({ name }) => name.endsWith('revision 2'))]) {
      const { name, line } = at(index);
      const bytes = Buffer.from(line);
      // A checkpoint is long: each byte of its signature and its edges, every 47th of the rest; fewer in `npm test`.
      const edge = (place: number) => place < 200 || place > bytes.length - 200;
      for (let place = 0; place < bytes.length; place += edge(place) ? times(7, 1) : times(331, 47)) {
        const changed = Buffer.from(bytes);
        changed[place] = (changed[place] ?? 0) ^ 1;
        expect(named(replaced(index, changed.toString('utf8'))), `byte ${place}`).toContain(name);
      }
    }
  });

  it('names any item that is missing', () => {
    for (const [index, { name }] of some(0)) {
      expect(named(replaced(index)), name).toContain(name);
    }
  });

  it('names any item that is there twice, but for evidence, which is what it is', () => {
    for (const [index, { name, line }] of some(1)) {
      if (!name.startsWith('evidence')) expect(named(replaced(index, line, line)), name).toContain(name);
    }
  });

  it('names one of any two items of a chain that change places', () => {
    for (const [index, { name, line }] of some(2)) {
      const next = items[index + 1];
      if (next === undefined || !inChain(name) || chainOf(name) !== chainOf(next.name)) continue;
      const turned = lines.with(index, next.line).with(index + 1, line);
      expect(
        named(turned).some((item) => item === name || item === next.name),
        name,
      ).toBe(true);
    }
  });

  it('names the last item of any chain that was cut short, and a whole chain that is gone', () => {
    const chains = Map.groupBy(
      items.filter(({ name }) => inChain(name)),
      ({ name }) => chainOf(name),
    );
    for (const [chain, members] of chains) {
      for (const kept of inTurn([...members.keys()], 5, 3 % members.length)) {
        const gone = new Set(members.slice(kept).map(({ name }) => name));
        const left = items.filter(({ name }) => !gone.has(name)).map(({ line }) => line);
        expect(named(left), chain).toEqual(expect.arrayContaining([...gone]));
      }
    }
  });

  it('names an item that was moved into another chain, and a chain that nobody recorded', () => {
    const index = items.findIndex(({ name }) => name === 'promotion/prom-03 event 2');
    const moved = at(index).line.replace('promotion/prom-03', 'promotion/prom-04');
    expect(named(replaced(index, moved))).toContain('promotion/prom-03 event 2');
    const forged = at(1).line.replaceAll('prom-01', 'prom-99');
    expect(verifyExport([...lines, forged], publicKey)).toMatchObject({ beyond: 1 });
  });

  it('names a line that is none of the record, by its number', () => {
    for (const line of ['', 'no JSON', '{}', '{"type":"secret"}'])
      expect(named([...lines, line]), line).toEqual([`line ${lines.length + 1}`]);
  });

  it('counts what stands in a chain of another kind', () => {
    const chain = /^(promotion.*) event 1$/.exec(
      items.find(({ name }) => / event 1$/.test(name))?.name ?? '',
    )?.[1];
    const first = (kind: string) => {
      const { line = '{}' } = items.find(({ name }) => name.endsWith(` ${kind} 1`)) ?? {};
      return canonicalJson({ ...JSON.parse(line), chain });
    };
    const { problems } = verifyExport([...lines, first('revision'), first('change')], publicKey);
    expect(problems).toContainEqual({ item: chain, problem: 'holds 2 entries of another kind' });
  });

  it('replays no decision of a chain that is broken', () => {
    const promotions = new Set(
      items.flatMap(({ name }) => (/ event \d+$/.test(name) ? [chainOf(name)] : [])),
    );
    for (const chain of [...promotions].slice(0, 3)) {
      const rest = items.filter(({ name }) => chainOf(name) !== chain).map(({ line }) => line);
      // The last one is missing: what is left could be replayed, and is not vouched for.
      const broken = replaced(items.findLastIndex(({ name }) => chainOf(name) === chain));
      expect(broken).toHaveLength(lines.length - 1);
      expect(verifyExport(broken, publicKey).decisions, chain).toBe(verifyExport(rest, publicKey).decisions);
    }
  });

  it('believes no other key', async () => {
    const { generateKeyPairSync } = await import('node:crypto');
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    const pem = other.export({ type: 'spki', format: 'pem' }).toString();
    expect(verifyExport(lines, pem).problems).toContainEqual({
      item: 'checkpoint',
      problem: 'is not signed by this key',
    });
  });

  it('names a decision that does not follow from its inputs, though every chain holds', async () => {
    // Whoever can write the table can write whole chains anew; only somebody with the key can sign their heads.
    const { forgedTenant } = await import('./forged-tenant.ts');
    const forged = await forgedTenant();
    expect(verifyExport(forged, publicKey).problems).toEqual([
      { item: 'promotion/prom-1 event 2', problem: 'does not follow from what it was decided on' },
    ]);
  });
});
