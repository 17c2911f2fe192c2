import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpsEgress } from '../../../functions/adapters/egress/https.ts';
import { base64Of } from '../../../functions/domain/digest.ts';
import { eventDigest, promotionChain } from '../../../functions/domain/promotion/evolve.ts';
import { logOrigin, verifierKey } from '../../../functions/domain/transparency-log/checkpoint.ts';
import { entryBytes } from '../../../functions/domain/transparency-log/entry.ts';
import { isCosigned } from '../../../functions/domain/transparency-log/witness.ts';
import { feedOnce } from '../../../functions/use-cases/transparency-log/batch.ts';
import { feedLogs } from '../../../functions/use-cases/transparency-log/feed.ts';
import { proveConsistency, provePromotion } from '../../../functions/use-cases/transparency-log/prove.ts';
import { testCosigner } from '../../support/cosigner.ts';
import { skipWithout } from '../../support/programs.ts';
import { testNoteSigner, testSigner } from '../../support/signer.ts';
import {
  type Bucket,
  fsck,
  judgeLog,
  judgeProof,
  startBucket,
  startWitness,
  tampered,
  testVerifierKey,
} from './judges.ts';
import { changed, logWorld, READER, requested, TENANT } from './world.ts';

const END = '2026-11-22T09:01:00.000Z';

describe.skipIf(['log-judge', 'tessera-fsck'].map(skipWithout).some(Boolean))(
  'a log in a folder, as the programs of others read it',
  () => {
    let bucket: Bucket;
    let deps: Parameters<typeof provePromotion>[0] & ReturnType<typeof worldOn>;
    const ids: string[] = [];
    /** Checkpoints of all sizes that the log had. */
    const older: string[] = [];

    const worldOn = (one: Bucket) => ({
      ...logWorld(),
      logObjects: Object.assign(one.logObjects, { all: new Map() }),
    });

    beforeAll(async () => {
      bucket = await startBucket();
      deps = worldOn(bucket);
      // 1 entry, then batches within a tile, across one, and across the second: 585 entries in 3 tiles.
      await changed(deps, 'a reason');
      for (const promotions of [0, 4, 1, 150, 37, 100]) {
        for (let n = 0; n < promotions; n += 1) ids.push(await requested(deps));
        while ((await feedOnce(deps, TENANT)).entries > 0) {
          const signed = (await deps.logTree.read(TENANT))?.head.signed;
          older.push(signed?.checkpoint ?? '');
        }
      }
    });
    afterAll(() => bucket.stop());

    it('is whole: each entry, each earlier size, each tile', async () => {
      expect(await judgeLog(bucket.address)).toMatchObject({
        holds: true,
        said: expect.stringContaining('585 entries verified'),
      });
      expect(await fsck(bucket.address)).toMatchObject({
        holds: true,
        said: expect.stringContaining('log with size 585'),
      });
    });

    it('is not believed with another key, or under another name', async () => {
      const stranger = verifierKey(logOrigin('globex'), await testNoteSigner.publicKey());
      expect((await judgeLog(bucket.address, stranger)).holds).toBe(false);
      await expect(
        testSigner.publicKey().then((key) => verifierKey(logOrigin(TENANT), key)),
      ).rejects.toThrow();
    });

    it('shows what was changed, left out or cut off, in each object that its size needs', async () => {
      const files = await bucket.files();
      // 585 is two full tiles and 73 hashes; of level 1 there are 2.
      const needed = [
        'checkpoint',
        ...['tile/0/000', 'tile/0/001', 'tile/0/002.p/73', 'tile/1/000.p/2'],
        ...['tile/entries/000', 'tile/entries/001', 'tile/entries/002.p/73'],
      ];
      for (const path of needed) {
        const file = files.get(path);
        if (file === undefined) throw new Error(`there is no ${path}`);
        const flip = (bytes: Buffer) => {
          bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
          return bytes;
        };
        for (const change of [flip, () => undefined, (bytes: Buffer) => bytes.subarray(0, -32)]) {
          const verdict = await tampered(file, change, () => judgeLog(bucket.address));
          expect(verdict.holds, `${path}: ${verdict.said}`).toBe(false);
        }
        const verdict = await tampered(file, flip, () => fsck(bucket.address));
        expect(verdict.holds, `${path}: ${verdict.said}`).toBe(false);
      }
      expect((await judgeLog(bucket.address)).holds).toBe(true);
    });

    it('shows entries that changed places', async () => {
      const file = (await bucket.files()).get('tile/entries/000');
      if (file === undefined) throw new Error('there are no entries');
      const swap = (bytes: Buffer) => {
        const first = 2 + bytes.readUInt16BE(0);
        const second = first + 2 + bytes.readUInt16BE(first);
        return Buffer.concat([
          bytes.subarray(first, second),
          bytes.subarray(0, first),
          bytes.subarray(second),
        ]);
      };
      expect((await tampered(file, swap, () => judgeLog(bucket.address))).holds).toBe(false);
      expect((await tampered(file, swap, () => fsck(bucket.address))).holds).toBe(false);
    });

    it('proves each promotion, and that it continues each of its checkpoints', async () => {
      const verifier_key = await testVerifierKey();
      const records: { index: number; entry: string; path: readonly string[] }[] = [];
      let checkpoint = '';
      for (const id of [ids[0], ids[70], ids.at(-1)]) {
        const text = await provePromotion(deps, READER, id ?? '');
        if (typeof text !== 'string') throw new Error(text.detail);
        const proof = JSON.parse(text);
        const last = proof.events.at(-1);
        const entry = { chain: promotionChain(id ?? ''), seq: last.seq, digest: eventDigest(last) };
        records.push({ index: proof.index, entry: base64Of(entryBytes(entry)), path: proof.path });
        checkpoint = proof.checkpoint;
      }
      const continued = await Promise.all(
        older.map(async (each) => {
          const proof = await proveConsistency(deps, READER, { first: Number(each.split('\n')[1]) });
          if ('refused' in proof) throw new Error(proof.detail);
          return { checkpoint: each, path: proof.path.map(base64Of) };
        }),
      );
      const proof = { verifier_key, checkpoint, records, older: continued };
      expect(older.length).toBeGreaterThan(5);
      expect(await judgeProof(proof)).toMatchObject({ holds: true });
      const [record, size] = [records[1], continued[2]];
      if (record === undefined || size === undefined) throw new Error('no proof');
      const others = [
        { records: [{ ...record, index: record.index + 1 }] },
        { records: [{ ...record, path: record.path.toReversed() }] },
        { records: [{ ...record, entry: records[0]?.entry }] },
        { older: [{ ...size, path: size.path.slice(1) }] },
        { checkpoint: checkpoint.replace('585', '586') },
      ];
      for (const wrong of others) expect((await judgeProof({ ...proof, ...wrong })).holds).toBe(false);
    });

    it('is cosigned by a witness of other makers, batch after batch, and a fork of it is not', async () => {
      const signer = testCosigner();
      const witness = await startWitness(signer.signerKey);
      const all = [{ ...signer.cosigner, url: witness.address }];
      const witnesses = { all, egress: httpsEgress({ allowLoopback: true }) };
      const [own, fork] = [await startBucket(), await startBucket()];
      try {
        const world = { ...worldOn(own), witnesses };
        for (const promotions of [1, 140, 3]) {
          for (let n = 0; n < promotions; n += 1) await requested(world);
          expect((await feedLogs(world, END)).uncosigned).toBeUndefined();
          const signed = (await world.logTree.read(TENANT))?.head.signed;
          expect(isCosigned(signed?.checkpoint ?? '', signer.cosigner)).toBe(true);
        }
        expect(await judgeLog(own.address)).toMatchObject({ holds: true });
        const forked = { ...worldOn(fork), witnesses };
        for (let n = 0; n < 145; n += 1) await requested(forked);
        const problem = expect.stringContaining('was forked');
        expect((await feedLogs(forked, END)).uncosigned).toEqual([
          { tenant: TENANT, witness: signer.name, problem },
        ]);
      } finally {
        witness.stop();
        await Promise.all([own.stop(), fork.stop()]);
      }
    });

    it('shows a fork: another log by the same key continues none of its checkpoints', async () => {
      const fork = await startBucket();
      try {
        const forked = worldOn(fork);
        for (let n = 0; n < 293; n += 1) await requested(forked);
        await feedLogs(forked, END);
        expect((await judgeLog(fork.address)).holds).toBe(true);
        const at = await proveConsistency(forked, READER, { first: 585 });
        if ('refused' in at) throw new Error(at.detail);
        const path = at.path.map(base64Of);
        const verifier_key = await testVerifierKey();
        const claim = {
          verifier_key,
          checkpoint: at.checkpoint,
          records: [],
          older: [{ checkpoint: older.at(-1), path }],
        };
        expect(await judgeProof(claim)).toMatchObject({
          holds: false,
          said: expect.stringContaining('size 585'),
        });
      } finally {
        await fork.stop();
      }
    });
  },
);
