import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ALGORITHM,
  checkpointDigest,
  checkpointOf,
  type SignedCheckpoint,
} from '../../../functions/domain/audit/checkpoint.ts';
import { exportLine, readLine } from '../../../functions/domain/audit/export-item.ts';
import { verifyExport } from '../../../functions/domain/audit/verify.ts';
import { vouchedHeads } from '../../../functions/domain/audit/verify-checkpoint.ts';
import { type Digest, digest } from '../../../functions/domain/digest.ts';
import { times } from '../../support/length.ts';
import { NOON } from '../../support/promotion-facts.ts';
import { testSigner } from '../../support/signer.ts';
import { busyTenant } from './busy-tenant.ts';

const [whole, ...items] = await busyTenant();
const entries = items.map(({ line }) => line);
const publicKey = await testSigner.publicKey();
const parts = await inParts(3);
const named = (changed: readonly string[]) =>
  verifyExport([...changed, ...entries], publicKey).problems.map(({ item }) => item);

type Places = { readonly from?: string; readonly next?: string };

/** The busy tenant's checkpoint in so many parts. */
async function inParts(
  count: number,
  { as_of = NOON, places = [] }: { readonly as_of?: string; readonly places?: readonly Places[] } = {},
): Promise<readonly string[]> {
  const read = readLine(whole?.line ?? '');
  if (read.kind !== 'checkpoint') throw new Error('no checkpoint');
  const { chains } = read.signed.checkpoint;
  const size = Math.ceil(chains.length / count);
  const lines: string[] = [];
  let prev: Digest | null = null;
  for (let number = 1; number <= count; number += 1) {
    const part = { number, prev, last: number === count, ...places[number - 1] };
    const about = { tenant: 'acme', as_of, key_id: testSigner.keyId(), part };
    const checkpoint = checkpointOf(about, chains.slice((number - 1) * size, number * size));
    prev = checkpointDigest(checkpoint);
    const signed: SignedCheckpoint = {
      checkpoint,
      signature: { algorithm: ALGORITHM, value: await testSigner.sign(prev) },
    };
    lines.push(exportLine(signed));
  }
  return lines;
}

describe('a checkpoint in parts', () => {
  it('vouches for all chains as a whole one does', () => {
    expect(verifyExport([...parts, ...entries], publicKey)).toMatchObject({ problems: [], beyond: 0 });
  });

  it('does not name the part after one that was changed', () => {
    const [first = '', ...others] = parts;
    const changed = [first.replace('"value":"', '"value":"A'), ...others];
    const { problems } = verifyExport([...changed, ...entries], publicKey);
    expect(problems).toContainEqual({ item: 'checkpoint part 1', problem: 'is not signed by this key' });
    expect(problems.map(({ item }) => item)).not.toContain('checkpoint part 2');
  });

  it('names the part of which any single byte was changed', () => {
    fc.assert(
      fc.property(
        fc.nat(parts.length - 1),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        (index, where, flip) => {
          const bytes = Buffer.from(parts[index] ?? '');
          const place = Math.floor(where * bytes.length);
          bytes[place] = (bytes[place] ?? 0) ^ flip;
          expect(named(parts.with(index, bytes.toString('utf8')))).toContain(`checkpoint part ${index + 1}`);
        },
      ),
      { numRuns: times(50, 300) },
    );
  });

  it('is one problem when nobody signed the whole', async () => {
    const read = readLine(whole?.line ?? '');
    if (read.kind !== 'checkpoint') throw new Error('no checkpoint');
    const signature = {
      ...read.signed.signature,
      value: await testSigner.sign(digest('sluice/change/v1', {})),
    };
    expect(vouchedHeads([{ ...read.signed, signature }], publicKey)).toEqual({
      heads: new Map(),
      problems: [{ item: 'checkpoint', problem: 'is not signed by this key' }],
    });
  });

  it('names the part that is missing, there twice or out of order', () => {
    for (const [index, line] of parts.entries()) {
      const name = `checkpoint part ${index + 1}`;
      expect(named(parts.toSpliced(index, 1)), name).toContain(name);
      expect(named(parts.toSpliced(index, 0, line)), name).toContain(name);
    }
    expect(named(parts.toReversed())).not.toEqual([]);
    expect(named([])).toContain('checkpoint');
  });

  it('follows no part of another checkpoint, and nothing follows the last', async () => {
    const other = await inParts(3, { as_of: '2026-11-21T13:00:00.000Z' });
    expect(named(parts.with(1, other[1] ?? ''))).toContain('checkpoint part 2');
    const [only] = await inParts(1);
    expect(named([only ?? '', parts[1] ?? ''])).toContain('checkpoint part 2');
    expect(named([whole?.line ?? '', ...parts])).not.toEqual([]);
  });

  it.each<[string, readonly Places[], string[]]>([
    [
      'follow each other',
      [{ from: 'promotions', next: 'p 2' }, { from: 'p 2', next: 'changes' }, { from: 'changes' }],
      [],
    ],
    [
      'leave chains out at first',
      [{ from: 'p 1', next: 'p 2' }, { from: 'p 2', next: 'changes' }, { from: 'changes' }],
      ['1'],
    ],
    [
      'leave chains out between',
      [{ from: 'promotions', next: 'p 2' }, { from: 'p 9', next: 'changes' }, { from: 'changes' }],
      ['2'],
    ],
    [
      'leave chains out at last',
      [{ from: 'promotions', next: 'p 2' }, { from: 'p 2', next: 'heads' }, { from: 'changes' }],
      ['3'],
    ],
    [
      'end before their end',
      [
        { from: 'promotions', next: 'p 2' },
        { from: 'p 2', next: 'heads' },
        { from: 'heads', next: 'changes' },
      ],
      ['3'],
    ],
    ['say no more where they are', [{ from: 'promotions', next: 'p 2' }, {}, {}], ['2']],
  ])('names the part whose place is wrong where places %s', async (_, places, wrong) => {
    const found = named(await inParts(3, { places })).filter((item) => item.startsWith('checkpoint'));
    expect(found).toEqual(wrong.map((number) => `checkpoint part ${number}`));
  });
});
