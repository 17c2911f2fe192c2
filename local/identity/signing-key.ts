import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import * as z from 'zod';
import { writePrivate } from './private-file.ts';

/** The key that tokens are signed with (RS256, as Cognito's), and its public half for the JWKS. */
export interface SigningKeyPair {
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK & { readonly kid: string };
}

const storedSchema = z.object({
  private_jwk: z.looseObject({ kty: z.string() }),
  public_jwk: z.looseObject({ kty: z.string(), kid: z.string() }),
});

/** Reads the signing key of a data directory, made once and kept (mode 0600), so that tokens outlive a restart. */
export async function readSigningKey(dataDir: string): Promise<SigningKeyPair> {
  const file = join(dataDir, 'oidc-key.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    text = await newKey();
    await writePrivate(file, text);
  }
  return keyPairIn(text);
}

/** Makes a signing key that is not kept: every token ends with the process. */
export async function newSigningKey(): Promise<SigningKeyPair> {
  return keyPairIn(await newKey());
}

async function keyPairIn(text: string): Promise<SigningKeyPair> {
  const { private_jwk, public_jwk } = storedSchema.parse(JSON.parse(text));
  const privateKey = await importJWK(private_jwk, 'RS256');
  if (privateKey instanceof Uint8Array) throw new Error('The signing key is no RSA key.');
  return { privateKey, publicJwk: public_jwk };
}

async function newKey(): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const kid = crypto.randomUUID();
  return JSON.stringify({
    private_jwk: await exportJWK(privateKey),
    public_jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' },
  });
}
