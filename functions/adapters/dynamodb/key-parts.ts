import { type Digest, digestOfBytes } from '../../domain/digest.ts';
import { environmentText } from '../../domain/in-environment.ts';
import type { InEnvironment, Slot, Subject } from '../../domain/subject.ts';

/** The table's primary key. */
export type Key = { readonly PK: string; readonly SK: string };

/**
 * An index key. GSI1 lists, GSI2 holds work not yet done (and deployments by subject), GSI3 holds due times (and deployments to count or to evaluate),
 * GSI4 the promotions of a status or a person (and an artifact's deployments by version).
 * Sort keys are unique within their partition, so that a position in a list is a sort key and nothing else.
 */
export type IndexKey =
  | { readonly GSI1PK: string; readonly GSI1SK: string }
  | { readonly GSI2PK: string; readonly GSI2SK: string }
  | { readonly GSI3PK: string; readonly GSI3SK: string }
  | { readonly GSI4PK: string };

/** A part that would not be one part of a key: a programming fault, since every edge checks ids before. */
export class MalformedKey extends Error {
  override readonly name = 'MalformedKey';
}

const ID = /^[A-Za-z0-9._-]{1,128}$/;
/** Subjects of tokens, role names and paths: printable, without the separator. */
const NAME = /^[!-"$-~]{1,256}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * Work and due times are spread over this many partitions, each good for 1,000 units written a second. A sweep reads all of them in one
 * round, half a unit each where nothing is due. Raising it strands what older versions wrote.
 */
export const SHARDS = 32;

/** What every key of a tenant begins with. */
export function scope(tenant: string): string {
  return `T#${id(tenant)}#`;
}

/** `staging`, and where the name was another's before `staging~17`. */
export function environmentPart(where: InEnvironment): string {
  id(where.environment);
  return environmentText(where);
}

export function gatewayPart(slot: Slot): string {
  return slot.gateway === undefined ? '' : `#${id(slot.gateway)}`;
}

export function subjectPart(subject: Subject): string {
  return `${subject.kind}#${name(subject.name)}`;
}

export function hex(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

export function id(part: string): string {
  if (!ID.test(part)) throw new MalformedKey(`not an id: ${JSON.stringify(part)}`);
  return part;
}

export function name(part: string): string {
  if (!NAME.test(part)) throw new MalformedKey(`not a name: ${JSON.stringify(part)}`);
  return part;
}

/** Only the fixed-width form sorts as time does. */
export function instant(part: string): string {
  if (!INSTANT.test(part)) throw new MalformedKey(`not an instant in UTC: ${JSON.stringify(part)}`);
  return part;
}

/** Twelve digits: sorts as numbers do, enough for one event a second for 31,000 years. */
export function ordinal(number: number): string {
  if (!Number.isSafeInteger(number) || number < 0 || number > 999_999_999_999) {
    throw new MalformedKey(`not an ordinal: ${number}`);
  }
  return String(number).padStart(12, '0');
}

/** The shard of a promotion: the first byte of its digest, modulo the shards. */
export function shardOf(tenant: string, promotion: string): number {
  return Number.parseInt(hex(digestIn(tenant, promotion)).slice(0, 2), 16) % SHARDS;
}

/**
 * Tells promotions due at one millisecond apart in 8 bytes (48 bits) instead of 70: two of these keys are in every open promotion, which has
 * to stay within 1 KB. Should two ever be equal, a page may leave one out, and the next sweep finds it.
 */
export function fingerprint(tenant: string, promotion: string): string {
  return short(digestIn(tenant, promotion), 8);
}

/** So many digits of 6 bits of a digest. */
export function short(digest: Digest, length: number): string {
  return Buffer.from(hex(digest), 'hex').toString('base64url').slice(0, length);
}

const digestIn = (tenant: string, promotion: string): Digest =>
  digestOfBytes(`${id(tenant)}#${id(promotion)}`);
