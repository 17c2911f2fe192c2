import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import * as browser from '../../web/platform/node-crypto.ts';

const pair = (namedCurve: string) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
  return { publicKey: String(publicKey.export({ type: 'spki', format: 'pem' })), privateKey };
};
const DATA = Uint8Array.from({ length: 32 }, (_, at) => at);

/** What the domain would be told of a signature, after the browser looked at it. */
async function holds(
  publicKey: string,
  data: Uint8Array<ArrayBuffer>,
  signature: Uint8Array,
): Promise<boolean> {
  await browser.learn(publicKey, data, signature);
  return browser.verify('sha256', data, browser.createPublicKey(publicKey), signature);
}

describe('what the browser has of node:crypto', () => {
  it('hashes as Node does, whole texts and in parts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.uint8Array({ maxLength: 300 }), (text, bytes) => {
        const node = createHash('sha256').update(text).update(bytes).digest('hex');
        expect(browser.createHash('sha256').update(text).update(bytes).digest('hex')).toBe(node);
      }),
    );
    expect(() => browser.createHash('sha1')).toThrow('the browser has no sha1');
  });

  it('finds the signatures genuine that Node makes, whatever their numbers begin with', async () => {
    const { publicKey, privateKey } = pair('P-256');
    for (let turn = 0; turn < 40; turn += 1) {
      const data = DATA.map((byte) => byte + turn);
      expect(await holds(publicKey, data, sign('sha256', data, privateKey))).toBe(true);
    }
    expect(browser.createPublicKey(publicKey).asymmetricKeyDetails.namedCurve).toBe('prime256v1');
  });

  it('finds no other signature genuine: of other bytes, of another key, changed, cut off, or never looked at', async () => {
    const [ours, theirs] = [pair('P-256'), pair('P-256')];
    const signature = Uint8Array.from(sign('sha256', DATA, ours.privateKey));
    const changed = signature.map((byte, at) => (at === 20 ? byte ^ 1 : byte));
    const key = browser.createPublicKey(ours.publicKey);
    expect(browser.verify('sha256', DATA, key, signature)).toBe(false);
    expect(
      await holds(
        ours.publicKey,
        DATA.map((byte) => byte ^ 1),
        signature,
      ),
    ).toBe(false);
    expect(await holds(theirs.publicKey, DATA, signature)).toBe(false);
    expect(await holds(ours.publicKey, DATA, changed)).toBe(false);
    for (const length of [0, 1, 2, 10, signature.length - 1]) {
      expect(await holds(ours.publicKey, DATA, signature.slice(0, length)), String(length)).toBe(false);
    }
    expect(await holds(ours.publicKey, DATA, signature)).toBe(true);
  });

  it('takes no key of another curve, and none that is none', async () => {
    const other = pair('P-384');
    await browser.learn(other.publicKey, DATA, Uint8Array.from(sign('sha256', DATA, other.privateKey)));
    expect(browser.createPublicKey(other.publicKey).asymmetricKeyDetails.namedCurve).toBe('unknown');
    expect(await holds('no key', DATA, DATA)).toBe(false);
  });

  it('knows Ed25519 signatures by the bytes, the key and the signature, each of them', async () => {
    const ed25519 = () => {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519');
      return { publicKey: String(publicKey.export({ type: 'spki', format: 'pem' })), privateKey };
    };
    const [ours, theirs] = [ed25519(), ed25519()];
    const genuine = async (
      publicKey: string,
      data: Uint8Array<ArrayBuffer>,
      signature: Uint8Array<ArrayBuffer>,
    ) => {
      expect(await browser.learnEd25519(publicKey, data, signature)).toBe(true);
      return browser.verify(null, data, browser.createPublicKey(publicKey), signature);
    };
    const signature = Uint8Array.from(sign(null, DATA, ours.privateKey));
    for (let at = 0; at < signature.length; at += 1) {
      const changed = signature.map((byte, n) => (n === at ? byte ^ 1 : byte));
      expect(await genuine(ours.publicKey, DATA, changed), String(at)).toBe(false);
    }
    expect(await genuine(theirs.publicKey, DATA, signature)).toBe(false);
    expect(
      await genuine(
        ours.publicKey,
        DATA.map((byte) => byte ^ 1),
        signature,
      ),
    ).toBe(false);
    expect(await genuine('no key', DATA, signature)).toBe(false);
    expect(await genuine(pair('P-256').publicKey, DATA, signature)).toBe(false);
    expect(await genuine(ours.publicKey, DATA, signature)).toBe(true);
  });

  it('says so where it has no Ed25519', async () => {
    const importKey = vi
      .spyOn(crypto.subtle, 'importKey')
      .mockRejectedValue(new DOMException('no such algorithm', 'NotSupportedError'));
    expect(await browser.learnEd25519('a key', DATA, DATA)).toBe(false);
    importKey.mockRestore();
  });
});
