import { createHash, verify } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyService } from '../../local/keys/service.ts';
import { times } from '../support/length.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-keys-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const call = (operation: string, input: Record<string, unknown>) => {
  const { operations } = keyService(folder, [
    { id: 'audit', spec: 'ECC_NIST_P256' },
    { id: 'log', spec: 'ECC_NIST_EDWARDS25519' },
  ]);
  if (typeof operations === 'function') throw new Error('the operations have names');
  return operations[operation]?.({ KeyId: 'audit', ...input });
};

async function signed(bytes: Buffer, MessageType: string): Promise<Buffer> {
  const SigningAlgorithm = 'ECDSA_SHA_256';
  const answer = await call('Sign', { Message: bytes.toString('base64'), MessageType, SigningAlgorithm });
  return Buffer.from(String(Object(answer).Signature), 'base64');
}

async function publicKey() {
  const { PublicKey } = Object(await call('GetPublicKey', {}));
  return { key: Buffer.from(String(PublicKey), 'base64'), format: 'der', type: 'spki' } as const;
}

describe('the local key', () => {
  it('signs a message, and the digest of a long one, as the key service does', async () => {
    for (let round = 0; round < times(20, 500); round += 1) {
      const message = Buffer.alloc(5_000 + round, `message ${round}`);
      const digest = createHash('sha256').update(message).digest();
      expect(verify('sha256', message, await publicKey(), await signed(digest, 'DIGEST'))).toBe(true);
    }
    const short = Buffer.from('short');
    expect(verify('sha256', short, await publicKey(), await signed(short, 'RAW'))).toBe(true);
    const other = createHash('sha256').update('other').digest();
    expect(verify('sha256', short, await publicKey(), await signed(other, 'DIGEST'))).toBe(false);
  });

  it('refuses what the key service refuses', async () => {
    await expect(signed(Buffer.alloc(4_097), 'RAW')).rejects.toThrow('4096');
    await expect(signed(Buffer.alloc(31), 'DIGEST')).rejects.toThrow('32 bytes');
    await expect(signed(Buffer.alloc(32), 'EXTERNAL_MU')).rejects.toThrow('ECDSA');
  });

  it('signs messages with Ed25519, and nothing else with that key', async () => {
    const [KeyId, SigningAlgorithm] = ['log', 'ED25519_SHA_512'];
    const Message = Buffer.from('a checkpoint').toString('base64');
    const asked = { KeyId, Message, MessageType: 'RAW', SigningAlgorithm };
    const { Signature } = Object(await call('Sign', asked));
    const { PublicKey, KeySpec } = Object(await call('GetPublicKey', { KeyId }));
    expect(KeySpec).toBe('ECC_NIST_EDWARDS25519');
    const key = { key: Buffer.from(PublicKey, 'base64'), format: 'der', type: 'spki' } as const;
    expect(verify(null, Buffer.from('a checkpoint'), key, Buffer.from(Signature, 'base64'))).toBe(true);
    await expect(call('Sign', { ...asked, MessageType: 'DIGEST' })).rejects.toThrow('Ed25519');
    await expect(call('Sign', { ...asked, SigningAlgorithm: 'ECDSA_SHA_256' })).rejects.toThrow('Ed25519');
  });
});
