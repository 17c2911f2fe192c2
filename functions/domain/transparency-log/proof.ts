import { isEvent, isObject } from '../audit/export-item.ts';
import { verifyHistory } from '../audit/verify-history.ts';
import { base64Of, bytesOfText, ed25519KeyIn } from '../digest.ts';
import { canonicalJson } from '../jcs.ts';
import type { StoredEvent } from '../promotion/events.ts';
import { eventDigest, promotionChain } from '../promotion/evolve.ts';
import { verifyChain } from '../promotion/history.ts';
import { logOrigin, openCheckpoint } from './checkpoint.ts';
import { entryBytes } from './entry.ts';
import { type Hash, isIncluded, leafHash } from './merkle.ts';

/**
 * The proof of one promotion: its events as far as the log has them, the place of the last of them in the log, the path from there to the
 * root, and the checkpoint that signs the root. The last event names the one before it, and so on: one leaf proves them all.
 */
export type Proof = {
  readonly v: 1;
  readonly events: readonly StoredEvent[];
  readonly index: number;
  /** Base64, from the leaf to the root. */
  readonly path: readonly string[];
  /** A signed note. */
  readonly checkpoint: string;
  /** The key that signs it, SPKI in PEM: for those who do not know it yet. */
  readonly public_key: string;
};

/** A proof as a file: canonical JSON (RFC 8785), so that every byte counts. */
export const proofText = (proof: Omit<Proof, 'v' | 'path'> & { readonly path: readonly Hash[] }): string =>
  canonicalJson({ v: 1, ...proof, path: proof.path.map(base64Of) });

/** What a proof shows, or what is wrong with it. */
export type ProofVerified =
  | {
      readonly promotion: string;
      readonly events: number;
      readonly origin: string;
      readonly index: number;
      readonly size: number;
    }
  | { readonly problem: string };

/**
 * Verifies a proof without asking anybody: its events follow one another and their decisions hold, the last is in the log, and the key
 * signed that log. Without a key the one in the file is believed, which shows only that the file agrees with itself.
 */
export function verifyProof(text: string, publicKey?: string): ProofVerified {
  const proof = proofIn(text);
  if (proof === undefined) return { problem: 'is no proof as Sluice writes it' };
  const { events, index, path, checkpoint, public_key } = proof;
  if (publicKey !== undefined && !isSameKey(publicKey, public_key))
    return { problem: 'is signed by another key than the one that is trusted' };
  const head = openCheckpoint(checkpoint, public_key);
  if (head === undefined) return { problem: 'has a checkpoint that the key did not sign' };
  const broken = verifyChain(events);
  if (broken !== undefined) return { problem: `has an event ${broken.seq} that ${broken.problem}` };
  const { id, problems } = verifyHistory(events, new Map());
  const [first] = events;
  const [wrong] = problems;
  if (wrong !== undefined) return { problem: `has an event ${wrong.position} that ${wrong.problem}` };
  if (id === undefined || first?.event.type !== 'PromotionRequested')
    return { problem: 'has no history of a promotion' };
  if (head.origin !== logOrigin(first.event.tenant)) return { problem: 'is of another tenant than its log' };
  const last = events.at(-1) ?? first;
  const leaf = leafHash(entryBytes({ chain: promotionChain(id), seq: last.seq, digest: eventDigest(last) }));
  const hashes = hashesOf(path);
  if (hashes === undefined || !isIncluded(leaf, index, head, hashes))
    return { problem: 'is not in the log that the checkpoint signs' };
  return { promotion: id, events: events.length, origin: head.origin, index, size: head.size };
}

/** The hashes of a path in base64; `undefined` when one is none. */
export function hashesOf(path: readonly string[]): readonly Hash[] | undefined {
  const hashes = path.map(bytesOfText).filter((hash) => hash !== undefined);
  return hashes.length === path.length && hashes.every(({ length }) => length === 32) ? hashes : undefined;
}

function isSameKey(a: string, b: string): boolean {
  const [one, other] = [ed25519KeyIn(a), ed25519KeyIn(b)];
  return one !== undefined && other !== undefined && base64Of(one) === base64Of(other);
}

function proofIn(text: string): Proof | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return canonicalJson(found) === text && isProof(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

const MEMBERS = 'checkpoint,events,index,path,public_key,v';

function isProof(value: unknown): value is Proof {
  if (!isObject(value) || Object.keys(value).sort().join() !== MEMBERS) return false;
  const { v, events, index, path, checkpoint, public_key } = value;
  const isIndex = typeof index === 'number' && Number.isSafeInteger(index) && index >= 0;
  const areEvents = Array.isArray(events) && events.length > 0 && events.every(isEvent);
  const isPath = Array.isArray(path) && path.every((hash) => typeof hash === 'string');
  return (
    v === 1 &&
    isIndex &&
    areEvents &&
    isPath &&
    typeof checkpoint === 'string' &&
    typeof public_key === 'string'
  );
}
