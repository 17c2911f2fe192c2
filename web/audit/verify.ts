import { exportAudit, getCheckpoint } from '../../functions/contract/audit.ts';
import { checkpointDigest } from '../../functions/domain/audit/checkpoint.ts';
import { readLine } from '../../functions/domain/audit/export-item.ts';
import { type Verification, verifyExport } from '../../functions/domain/audit/verify.ts';
import { rawOfDigest } from '../../functions/domain/digest.ts';
import { canonicalJson } from '../../functions/domain/jcs.ts';
import { ask } from '../api/client.ts';
import type { Problem } from '../api/problem.ts';
import { bytesOfBase64 } from '../platform/base64.ts';
import { learn } from '../platform/node-crypto.ts';

/** The whole record of the tenant, as its signed heads vouch for it. */
export type Exported = {
  /** Each item in its one way to be written. */
  readonly lines: readonly string[];
  /** The key that the server signs with, SPKI in PEM. */
  readonly publicKey: string;
  readonly signedAt: string;
};

export type Read =
  | { readonly ok: true; readonly value: Exported }
  | { readonly ok: false; readonly problem: Problem };

/** Chains on a page of the export. */
const PAGE = 100;

/**
 * Reads the signed heads first and the chains after: what is written meanwhile lies beyond the heads. `tell` hears how many items are here.
 */
export async function readExport(tell: (items: number) => void): Promise<Read> {
  const lines: string[] = [];
  let publicKey = '';
  let signedAt = '';
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const part = await ask(getCheckpoint, { query: cursor === undefined ? {} : { cursor } });
    if (!part.ok) return part;
    const { checkpoint, signature, public_key, next_cursor } = part.value;
    // All parts are held against the key of the first: one that another key signed is not genuine then.
    if (publicKey === '') [publicKey, signedAt] = [public_key, checkpoint.as_of];
    lines.push(canonicalJson({ checkpoint, signature }));
    cursor = next_cursor;
  }
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const query = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const page = await ask(exportAudit, { query });
    if (!page.ok) return page;
    lines.push(...page.value.items.map(canonicalJson));
    tell(lines.length);
    cursor = page.value.next_cursor;
  }
  return { ok: true, value: { lines, publicKey, signedAt } };
}

/** Recomputes a whole export by the code that the server's own verifier runs: nothing is asked of the server. */
export async function verifyHere({
  lines,
  publicKey,
}: Pick<Exported, 'lines' | 'publicKey'>): Promise<Verification> {
  for (const line of lines) {
    const read = readLine(line);
    if (read.kind !== 'checkpoint') continue;
    const signed = Uint8Array.from(rawOfDigest(checkpointDigest(read.signed.checkpoint)));
    const signature = bytesOfBase64(read.signed.signature.value);
    await learn(publicKey, signed, signature);
  }
  return verifyExport(lines, publicKey);
}

const KEPT = 'sluice-audit-key';

/** The key that this browser saw first: a record that is forged as a whole would have to be signed by it. */
export function knownKey(tenant: string, publicKey: string): 'first' | 'same' | 'another' {
  const name = `${KEPT} ${tenant}`;
  const before = localStorage.getItem(name);
  if (before === null) localStorage.setItem(name, publicKey);
  return before === null ? 'first' : before === publicKey ? 'same' : 'another';
}
