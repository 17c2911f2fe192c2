import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../functions/domain/transparency-log/checkpoint.ts';
import { isConsistent } from '../../../functions/domain/transparency-log/merkle.ts';
import { verifyProof } from '../../../functions/domain/transparency-log/proof.ts';
import { feedLogs } from '../../../functions/use-cases/transparency-log/feed.ts';
import { proveConsistency, provePromotion } from '../../../functions/use-cases/transparency-log/prove.ts';
import { testNoteSigner } from '../../support/signer.ts';
import { checkpointOf, END, mortal, published } from './seen.ts';
import { changed, type LogWorld, logWorld, READER, requested, TENANT } from './world.ts';

/** The bucket goes on, the table is what it was: as after a restore of the table to an earlier minute. */
async function restored(): Promise<{
  readonly world: LogWorld;
  readonly before: readonly { chain: string; seq: number }[];
  readonly lost: string;
}> {
  const minute = async (): Promise<LogWorld> => {
    const world = logWorld();
    await requested(world, 'prom-a');
    await feedLogs(world, END);
    return world;
  };
  const [first, table] = [await minute(), await minute()];
  await requested(first, 'prom-lost');
  await changed(first, 'lost, too');
  await feedLogs(first, END);
  return {
    world: { ...table, logObjects: first.logObjects },
    before: await published(first),
    lost: 'prom-lost',
  };
}

describe('a log whose table was restored to an earlier minute', () => {
  it.each([1, 2, 3, 130])(
    'goes on from what was signed with %i promotions more, and forks nothing',
    async (more) => {
      const { world, before, lost } = await restored();
      const older = openCheckpoint(await checkpointOf(world), await testNoteSigner.publicKey());
      const ids: string[] = [];
      for (let n = 0; n < more; n += 1) ids.push(await requested(world, `prom-new-${n}`));
      for (let minute = 0; minute < 2; minute += 1) expect((await feedLogs(world, END)).faults).toEqual([]);
      const after = await published(world);
      expect(after.slice(0, before.length)).toEqual(before);
      expect(after).toHaveLength(before.length + 2 * more);
      expect(after.some(({ chain }) => chain === `promotion/${lost}`)).toBe(true);
      const way = await proveConsistency(world, READER, { first: before.length });
      const newer = openCheckpoint(await checkpointOf(world), await testNoteSigner.publicKey());
      if (older === undefined || newer === undefined || 'refused' in way) throw new Error('not signed');
      expect(isConsistent(older, newer, way.path)).toBe(true);
      const proof = await provePromotion(world, READER, ids.at(-1) ?? '');
      expect(verifyProof(String(proof), await testNoteSigner.publicKey())).toHaveProperty(
        'size',
        after.length,
      );
      // What is known of the lost ones in the table is logged as it is now.
      expect(await world.logNews.of(TENANT, 10)).toEqual([]);
    },
  );

  it('stops before a checkpoint that does not continue its head, and before one that the key did not sign', async () => {
    const { world, before } = await restored();
    const path = `${TENANT}/checkpoint`;
    const note = await checkpointOf(world);
    await requested(world, 'prom-new');
    const other = logWorld();
    for (let n = 0; n < 3; n += 1) await requested(other);
    await feedLogs(other, END);
    const wrong = [
      note.replace(/\S+(?=\n$)/, (signature) => `${signature.slice(0, 40)}AAAA${signature.slice(44)}`),
      note.replace(`\n${before.length}\n`, `\n${before.length + 1}\n`),
      await checkpointOf(other),
    ];
    for (const each of wrong) {
      world.logObjects.all.set(path, { bytes: Buffer.from(each), mark: 'x' });
      const objects = structuredClone([...world.logObjects.all.keys()]);
      expect((await feedLogs(world, END)).faults).toMatchObject([{ error: { name: 'Corrupt' } }]);
      expect([...world.logObjects.all.keys()]).toEqual(objects);
      expect(await checkpointOf(world)).toBe(each);
    }
    world.logObjects.all.set(path, { bytes: Buffer.from(note), mark: 'x' });
    for (let minute = 0; minute < 2; minute += 1) expect((await feedLogs(world, END)).faults).toEqual([]);
    expect(await published(world)).toHaveLength(before.length + 2);
  });

  it('goes on wherever the one who takes it over is killed', async () => {
    for (let calls = 1; ; calls += 1) {
      const { world, before } = await restored();
      await requested(world, 'prom-new');
      const { deps, died } = mortal(world, calls, 'after');
      await feedLogs(deps, END).catch(() => undefined);
      for (let minute = 0; minute < 2; minute += 1) expect((await feedLogs(world, END)).faults).toEqual([]);
      const after = await published(world);
      expect(after.slice(0, before.length)).toEqual(before);
      expect(after).toHaveLength(before.length + 2);
      if (!died()) break;
      expect(calls).toBeLessThan(60);
    }
  });
});
