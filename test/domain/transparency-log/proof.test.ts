import { beforeAll, describe, expect, it } from 'vitest';
import {
  checkpointText,
  logOrigin,
  openCheckpoint,
  signedCheckpoint,
  verifierKey,
} from '../../../functions/domain/transparency-log/checkpoint.ts';
import { verifyProof } from '../../../functions/domain/transparency-log/proof.ts';
import { feedLogs } from '../../../functions/use-cases/transparency-log/feed.ts';
import { provePromotion } from '../../../functions/use-cases/transparency-log/prove.ts';
import { testNoteSigner, testSigner } from '../../support/signer.ts';
import { logWorld, READER, requested } from '../../use-cases/transparency-log/world.ts';

let proof: string;
let publicKey: string;
let id: string;

beforeAll(async () => {
  const world = logWorld();
  for (let n = 0; n < 6; n += 1) id = await requested(world);
  await feedLogs(world, '2026-11-22T09:01:00.000Z');
  const made = await provePromotion(world, READER, id);
  if (typeof made !== 'string') throw new Error(made.detail);
  proof = made;
  publicKey = await testNoteSigner.publicKey();
});

/** The proof with other members, written as Sluice writes it. */
const changed = (members: object): string => {
  const all = { ...JSON.parse(proof), ...members };
  return JSON.stringify(Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))));
};

describe('the proof of a promotion', () => {
  it('is verified with nothing but the key', () => {
    const { index } = JSON.parse(proof);
    expect(verifyProof(proof, publicKey)).toEqual({
      promotion: id,
      events: 2,
      origin: 'sluice/log/acme',
      index,
      size: 12,
    });
    expect(verifyProof(proof)).toEqual(verifyProof(proof, publicKey));
    expect(changed({})).toBe(proof);
  });

  it('breaks by every changed byte', () => {
    const bytes = Buffer.from(proof);
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8((bytes[at] ?? 0) ^ 1, at);
      expect(verifyProof(flipped.toString(), publicKey), `byte ${at}`).toHaveProperty('problem');
    }
  });

  it('breaks when events are dropped, swapped or added, or the path is cut', () => {
    const { events, path, index } = JSON.parse(proof);
    const broken = [
      { events: events.slice(0, 1) },
      { events: events.slice(1) },
      { events: events.toReversed() },
      { events: [...events, events[1]] },
      { events: [] },
      { path: path.slice(1) },
      { path: path.toReversed() },
      { path: [...path, path[0]] },
      { index: index - 1 },
      { v: 2 },
      { more: 1 },
    ];
    for (const members of broken) {
      expect(verifyProof(changed(members), publicKey), JSON.stringify(members).slice(0, 60)).toHaveProperty(
        'problem',
      );
    }
    expect(verifyProof(changed({ index: 0 }), publicKey)).toEqual({
      problem: 'is not in the log that the checkpoint signs',
    });
    expect(verifyProof(proof.slice(0, -1), publicKey)).toEqual({
      problem: 'is no proof as Sluice writes it',
    });
    expect(verifyProof(` ${proof}`, publicKey)).toEqual({ problem: 'is no proof as Sluice writes it' });
  });

  it('is not believed by another key, or by one that is none', async () => {
    const problem = 'is signed by another key than the one that is trusted';
    expect(verifyProof(proof, await testSigner.publicKey())).toEqual({ problem });
    expect(verifyProof(proof, 'no key')).toEqual({ problem });
  });
});

describe('a checkpoint', () => {
  const head = { origin: logOrigin('acme'), size: 3, root: new Uint8Array(32).fill(7) };
  const note = async () => {
    const signature = await testNoteSigner.sign(new TextEncoder().encode(checkpointText(head)));
    return signedCheckpoint(head, publicKey, signature);
  };

  const opened = (text: string) => {
    const found = openCheckpoint(text, publicKey);
    return found === undefined ? undefined : { ...found, root: Uint8Array.from(found.root) };
  };

  it('is opened by its key, also with the signatures of witnesses beside', async () => {
    expect(opened(await note())).toEqual(head);
    const cosigned = `${await note()}— witness.example/w ${Buffer.alloc(76, 1).toString('base64')}\n`;
    expect(opened(cosigned)).toEqual(head);
  });

  it('breaks by every changed byte', async () => {
    const bytes = Buffer.from(await note());
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8((bytes[at] ?? 0) ^ 1, at);
      expect(openCheckpoint(flipped.toString(), publicKey), `byte ${at}`).toBeUndefined();
    }
  });

  it('is none under another name, or with more in its text', async () => {
    const sign = async (text: string) => testNoteSigner.sign(new TextEncoder().encode(text));
    const forged = signedCheckpoint(
      { ...head, origin: logOrigin('globex') },
      publicKey,
      await sign(checkpointText(head)),
    );
    expect(openCheckpoint(forged, publicKey)).toBeUndefined();
    const more = `${checkpointText(head)}more\n`;
    const signed = signedCheckpoint(head, publicKey, await sign(more)).replace(checkpointText(head), more);
    expect(openCheckpoint(signed, publicKey)).toBeUndefined();
    for (const text of ['', '\n\n', 'x', `${checkpointText(head)}`])
      expect(openCheckpoint(text, publicKey)).toBeUndefined();
  });

  it('names its key as other verifiers want it', () => {
    expect(verifierKey(head.origin, publicKey)).toMatch(
      /^sluice\/log\/acme\+[0-9a-f]{8}\+A[A-Za-z0-9+/]{43}$/,
    );
  });
});
