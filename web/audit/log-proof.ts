import { proveConsistency, provePromotion } from '../../functions/contract/transparency-log.ts';
import { canonicalJson } from '../../functions/domain/jcs.ts';
import { openCheckpoint, signatureBy } from '../../functions/domain/transparency-log/checkpoint.ts';
import { verifyConsistency } from '../../functions/domain/transparency-log/consistency.ts';
import { type ProofVerified, verifyProof } from '../../functions/domain/transparency-log/proof.ts';
import { ask } from '../api/client.ts';
import type { Problem } from '../api/problem.ts';
import { iMay } from '../me.ts';
import { learnEd25519 } from '../platform/node-crypto.ts';

/** A checkpoint of the tenant's log that this browser took for genuine, and when. */
export type Seen = { readonly checkpoint: string; readonly publicKey: string; readonly at: string };

/** What became of a proof that was verified here. */
export type Verdict = {
  /** The proof as a file, to the byte, for a verifier of one's own. */
  readonly text: string;
  readonly publicKey: string;
  readonly proof: ProofVerified;
  /** How the checkpoint stands to the one that this browser saw before. */
  readonly before:
    | { readonly is: 'first' }
    | { readonly is: 'unknown' }
    | { readonly is: 'continued'; readonly at: string; readonly size: number }
    | { readonly is: 'broken'; readonly at: string; readonly problem: string };
};

/** The browser has no Ed25519: it can say neither yes nor no. */
export const UNABLE: Problem = {
  status: 0,
  code: 'unable',
  title: 'This browser cannot verify the signature',
  detail: 'use a current one, or the command line: sluice audit verify-proof',
};

export type Verified =
  | { readonly ok: true; readonly value: Verdict }
  | { readonly ok: false; readonly problem: Problem };

/** Reads the proof of a promotion and verifies it by the code that verifies it offline. */
export async function verifyLogged(id: string, tenant: string, now: string): Promise<Verified> {
  const read = await ask(provePromotion, { at: { id } });
  if (!read.ok) return read;
  const { checkpoint, public_key: publicKey } = read.value;
  if (!(await learnt(checkpoint, publicKey))) return { ok: false, problem: UNABLE };
  const text = canonicalJson(read.value);
  const proof = verifyProof(text);
  if ('problem' in proof) return { ok: true, value: { text, publicKey, proof, before: { is: 'unknown' } } };
  const held = await heldAgainst(seenBefore(tenant), { checkpoint, publicKey, at: now });
  if (!held.ok) return held;
  const { value: before } = held;
  if (before.is === 'first' || before.is === 'continued')
    remember(tenant, { checkpoint, publicKey, at: now }, proof.size);
  return { ok: true, value: { text, publicKey, proof, before } };
}

type Held =
  | { readonly ok: true; readonly value: Verdict['before'] }
  | { readonly ok: false; readonly problem: Problem };

/** Holds a checkpoint against the one that was seen before. Only auditors may ask for the way between them. */
async function heldAgainst(seen: Seen | undefined, now: Seen): Promise<Held> {
  if (seen === undefined) return { ok: true, value: { is: 'first' } };
  await learnt(seen.checkpoint, seen.publicKey);
  const [before, after] = [
    openCheckpoint(seen.checkpoint, seen.publicKey),
    openCheckpoint(now.checkpoint, now.publicKey),
  ];
  // What is kept here and no longer opens was changed in this browser, not by the server.
  if (before === undefined || after === undefined) return { ok: true, value: { is: 'first' } };
  const [older, newer] = before.size <= after.size ? [seen, now] : [now, seen];
  const [first, second] = [Math.min(before.size, after.size), Math.max(before.size, after.size)];
  let path: readonly string[] = [];
  if (first !== second) {
    if (!iMay('read_audit')) return { ok: true, value: { is: 'unknown' } };
    const way = await ask(proveConsistency, { query: { first, second } });
    if (!way.ok && way.problem.code !== 'invalid_request') return way;
    // A log that does not have as many entries as this browser saw was cut: there is no way between them.
    path = way.ok ? way.value.path : [];
  }
  const held = verifyConsistency({
    older: older.checkpoint,
    newer: newer.checkpoint,
    path,
    publicKey: newer.publicKey,
    olderKey: older.publicKey,
  });
  return {
    ok: true,
    value:
      'problem' in held
        ? { is: 'broken', at: seen.at, problem: held.problem }
        : { is: 'continued', at: seen.at, size: before.size },
  };
}

/** Lets the browser look at the signature of a checkpoint; says whether it can. */
async function learnt(checkpoint: string, publicKey: string): Promise<boolean> {
  const signed = signatureBy(publicKey, checkpoint);
  if (signed === undefined) return true;
  return learnEd25519(publicKey, Uint8Array.from(signed.message), Uint8Array.from(signed.signature));
}

const nameOf = (tenant: string): string => `sluice-log-seen ${tenant}`;

function seenBefore(tenant: string): Seen | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(nameOf(tenant)) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return undefined;
    const { checkpoint, publicKey, at } = { checkpoint: '', publicKey: '', at: '', ...kept };
    return [checkpoint, publicKey, at].every((each) => typeof each === 'string' && each !== '')
      ? { checkpoint, publicKey, at }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the largest checkpoint that was seen. */
function remember(tenant: string, seen: Seen, size: number): void {
  const before = seenBefore(tenant);
  const sizeBefore =
    before === undefined ? 0 : (openCheckpoint(before.checkpoint, before.publicKey)?.size ?? 0);
  if (size >= sizeBefore) localStorage.setItem(nameOf(tenant), JSON.stringify(seen));
}
