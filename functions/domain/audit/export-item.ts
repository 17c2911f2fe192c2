import type { Evidence } from '../gates/evidence.ts';
import { canonicalJson } from '../jcs.ts';
import type { StoredEvent } from '../promotion/events.ts';
import type { Revision } from '../subject.ts';
import type { Change } from './change.ts';
import type { SignedCheckpoint } from './checkpoint.ts';

/** One item of an export. Entries of a chain come in order; the order of chains says nothing. */
export type ExportItem =
  | SignedCheckpoint
  | { readonly chain: string; readonly event: StoredEvent }
  | { readonly chain: string; readonly revision: Revision }
  | { readonly chain: string; readonly change: Change }
  | { readonly evidence: Evidence };

/** An item as one line of text: RFC 8785, so that there is one way to write it and every byte counts. */
export function exportLine(item: ExportItem): string {
  return canonicalJson(item);
}

/** A line read back, its members checked as far as verification relies on them. */
export type ReadLine =
  | { readonly kind: 'checkpoint'; readonly signed: SignedCheckpoint }
  | { readonly kind: 'event'; readonly chain: string; readonly event: StoredEvent }
  | { readonly kind: 'revision'; readonly chain: string; readonly revision: Revision }
  | { readonly kind: 'change'; readonly chain: string; readonly change: Change }
  | { readonly kind: 'evidence'; readonly evidence: Evidence }
  | { readonly kind: 'unreadable'; readonly problem: string };

/**
 * Reads one line of an export. What an item says inside is not checked here: it is what was recorded exactly when its digest is the one
 * that the chain names.
 */
export function readLine(line: string): ReadLine {
  let item: unknown;
  try {
    item = JSON.parse(line);
  } catch {
    return unreadable('is no JSON');
  }
  if (!isObject(item)) return unreadable('is no object');
  if (!isCanonical(item, line)) return unreadable('is not written as it was exported');
  // Canonical, so the members are in order.
  const members = Object.keys(item).join();
  const { chain } = item;
  if (members === 'checkpoint,signature' && isSigned(item)) return { kind: 'checkpoint', signed: item };
  if (members === 'evidence' && isEvidence(item['evidence'])) {
    return { kind: 'evidence', evidence: item['evidence'] };
  }
  if (typeof chain === 'string') {
    const { event, revision, change } = item;
    if (members === 'chain,event' && isEvent(event)) return { kind: 'event', chain, event };
    if (members === 'chain,change' && isChange(change)) return { kind: 'change', chain, change };
    if (members === 'chain,revision' && isRevision(revision)) return { kind: 'revision', chain, revision };
  }
  return unreadable('is no item of an export');
}

const unreadable = (problem: string): ReadLine => ({ kind: 'unreadable', problem });

/** The members of a JSON object. */
export type Members = { readonly [member: string]: unknown };
export const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isPrev = (value: unknown): boolean => value === null || typeof value === 'string';

function isCanonical(item: Members, line: string): boolean {
  try {
    return canonicalJson(item) === line;
  } catch {
    return false;
  }
}

function isSigned(item: unknown): item is SignedCheckpoint {
  if (!isObject(item)) return false;
  const { checkpoint, signature } = item;
  return (
    isObject(checkpoint) &&
    isObject(signature) &&
    typeof signature['value'] === 'string' &&
    isPart(checkpoint['part']) &&
    Array.isArray(checkpoint['chains']) &&
    checkpoint['chains'].every(
      (head) =>
        isObject(head) &&
        typeof head['chain'] === 'string' &&
        Number.isSafeInteger(head['length']) &&
        typeof head['digest'] === 'string',
    )
  );
}

function isPart(value: unknown): boolean {
  if (value === undefined) return true;
  if (!isObject(value)) return false;
  const { number, prev, last, from, next } = value;
  return (
    Number.isSafeInteger(number) &&
    isPrev(prev) &&
    typeof last === 'boolean' &&
    isPlace(from) &&
    isPlace(next)
  );
}

const isPlace = (value: unknown): boolean => value === undefined || typeof value === 'string';

/** Whether a value is an event as far as verification relies on its members. */
export function isEvent(value: unknown): value is StoredEvent {
  if (!isObject(value)) return false;
  const { seq, prev, event } = value;
  return Number.isSafeInteger(seq) && isPrev(prev) && isObject(event) && typeof event['type'] === 'string';
}

function isRevision(value: unknown): value is Revision {
  return (
    isObject(value) &&
    Number.isSafeInteger(value['number']) &&
    isPrev(value['prev']) &&
    isObject(value['slot']) &&
    isObject(value['slot']['subject'])
  );
}

function isChange(value: unknown): value is Change {
  if (!isObject(value)) return false;
  const { seq, prev, values } = value;
  return Number.isSafeInteger(seq) && isPrev(prev) && (values === undefined || isValues(values));
}

const isValues = (value: unknown): boolean =>
  isObject(value) && [value['before'], value['after']].every((one) => one === undefined || isObject(one));

function isEvidence(value: unknown): value is Evidence {
  return isObject(value) && typeof value['gate'] === 'string';
}
