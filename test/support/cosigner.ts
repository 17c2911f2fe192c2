import { generateKeyPairSync, sign } from 'node:crypto';
import { base64Of, ed25519KeyIn } from '../../functions/domain/digest.ts';
import { keyIdOf } from '../../functions/domain/transparency-log/checkpoint.ts';
import { noteIn, signatureLine } from '../../functions/domain/transparency-log/note.ts';
import { cosignerIn } from '../../functions/domain/transparency-log/witness.ts';

/** Who cosigns what it is asked to, in the words of C2SP tlog-cosignature, written without the code under test that reads them. */
export function testCosigner(name = 'witness.example/w1') {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = ed25519KeyIn(publicKey.export({ type: 'spki', format: 'pem' }).toString());
  if (key === undefined) throw new Error('no key');
  const algorithm = Uint8Array.of(4);
  const keyId = keyIdOf(name, algorithm, key);
  const verifierKey = `${name}+${Buffer.from(keyId).toString('hex')}+${base64Of(Buffer.concat([algorithm, key]))}`;
  const cosigner = cosignerIn(verifierKey);
  if (cosigner === undefined) throw new Error('no cosigner');
  const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
  return {
    name,
    verifierKey,
    /** The private key as Go's `note` writes one. */
    signerKey: `PRIVATE+KEY+${name}+${Buffer.from(keyId).toString('hex')}+${base64Of(Buffer.concat([Uint8Array.of(1), seed]))}`,
    cosigner,
    /** The line that it answers for a checkpoint, signed at a time (seconds since 1970). */
    cosign(checkpoint: string, time = 1_700_000_000n): string {
      const header = Buffer.alloc(8);
      header.writeBigUInt64BE(time);
      const text = noteIn(checkpoint)?.text ?? '';
      const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), privateKey);
      return signatureLine({ name, keyId, bytes: Buffer.concat([header, signature]) });
    },
  };
}
