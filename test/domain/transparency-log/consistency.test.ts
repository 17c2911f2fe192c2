import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  checkpointText,
  logOrigin,
  signedCheckpoint,
} from '../../../functions/domain/transparency-log/checkpoint.ts';
import { verifyConsistency } from '../../../functions/domain/transparency-log/consistency.ts';
import { testNoteSigner, testSigner } from '../../support/signer.ts';

const hash = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
/** Two leaves and the node above them, as RFC 6962 section 2.1 hashes them. */
const [one, two] = [hash(Buffer.of(0), Buffer.from('1')), hash(Buffer.of(0), Buffer.from('2'))];
const both = hash(Buffer.of(1), one, two);
const PATH = [two.toString('base64')];

const checkpoint = async (size: number, root: Uint8Array, tenant = 'acme') => {
  const head = { origin: logOrigin(tenant), size, root };
  const signature = await testNoteSigner.sign(new TextEncoder().encode(checkpointText(head)));
  return signedCheckpoint(head, await testNoteSigner.publicKey(), signature);
};

let asked: Parameters<typeof verifyConsistency>[0];
beforeAll(async () => {
  const publicKey = await testNoteSigner.publicKey();
  asked = { older: await checkpoint(1, one), newer: await checkpoint(2, both), path: PATH, publicKey };
});

describe('two checkpoints of a log', () => {
  it('are consistent where the newer one holds all that the older one held', () => {
    expect(verifyConsistency(asked)).toEqual({ origin: 'sluice/log/acme', first: 1, second: 2 });
    expect(verifyConsistency({ ...asked, newer: asked.older, path: [] })).toMatchObject({ second: 1 });
  });

  it('are not where the log was changed, forked or cut, or is another one', async () => {
    const problems = {
      'does not continue': { ...asked, newer: await checkpoint(2, hash(Buffer.of(1), two, one)) },
      'changed or forked': { ...asked, older: await checkpoint(1, two) },
      'the log was cut': { ...asked, older: asked.newer, newer: asked.older },
      'of different logs': { ...asked, newer: await checkpoint(2, both, 'globex') },
    };
    for (const [problem, given] of Object.entries(problems))
      expect(verifyConsistency(given)).toEqual({ problem: expect.stringContaining(problem) });
  });

  it.each([[[]], [['AA==']], [['no base64']], [[...PATH, 'AA==']], [[...PATH, ...PATH]]])(
    'are not by the path %j',
    (path) => {
      expect(verifyConsistency({ ...asked, path })).toHaveProperty('problem');
    },
  );

  it('are believed by the key that signed each alone', async () => {
    const other = await testSigner.publicKey();
    const { older, newer } = asked;
    expect(verifyConsistency({ ...asked, olderKey: other })).toMatchObject({
      problem: expect.stringContaining('older'),
    });
    expect(verifyConsistency({ ...asked, publicKey: other, olderKey: asked.publicKey })).toMatchObject({
      problem: expect.stringContaining('newer'),
    });
    expect(verifyConsistency({ ...asked, older: newer.replace('2', '3') })).toHaveProperty('problem');
    expect(verifyConsistency({ ...asked, newer: older.replace('1', '2') })).toHaveProperty('problem');
  });
});
