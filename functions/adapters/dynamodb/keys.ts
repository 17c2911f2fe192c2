import { type Digest, isDigest } from '../../domain/digest.ts';
import type { PromotionType } from '../../domain/promotion-type.ts';
import type { Slot, Subject } from '../../domain/subject.ts';
import type { ScopedNoun } from '../../ports/catalog-store.ts';
import type { CatalogItem } from '../../ports/transaction.ts';
import {
  environmentPart,
  fingerprint,
  gatewayPart,
  hex,
  type IndexKey,
  id,
  instant,
  type Key,
  name,
  ordinal,
  scope,
  shardOf,
  subjectPart,
} from './key-parts.ts';

const STATE = 'STATE';

export const promotionKey = (tenant: string, promotion: string): Key => ({
  PK: `${scope(tenant)}PROMO#${id(promotion)}`,
  SK: STATE,
});

/** The events of one commit are one item, named by the first of them. */
export const eventsKey = (tenant: string, promotion: string, first: number): Key => ({
  PK: promotionKey(tenant, promotion).PK,
  SK: `EVENT#${ordinal(first)}`,
});

export const tokenKey = (tenant: string, promotion: string): Key => ({
  PK: promotionKey(tenant, promotion).PK,
  SK: 'TOKEN',
});

/** What the provider of a gate said about a promotion, in the order in which it was written. */
export const providerAnswerKey = (tenant: string, promotion: string, gate: string, number: number): Key => ({
  PK: promotionKey(tenant, promotion).PK,
  SK: `${providerAnswersOf(gate)}${ordinal(number)}`,
});
/** What the sort keys of a gate's answers begin with; without a gate, of all answers. */
export const providerAnswersOf = (gate?: string): string =>
  gate === undefined ? 'PROVIDER#' : `PROVIDER#${id(gate)}#`;

export const workPartition = (shard: number): string => `SYS#WORK#${shard}`;
/** Never moves while work is set: oldest request first, and a commit that leaves work standing pays no index write. */
export const workIndex = (tenant: string, promotion: string, requested_at: string): IndexKey => ({
  GSI2PK: workPartition(shardOf(tenant, promotion)),
  GSI2SK: `${instant(requested_at)}#${fingerprint(tenant, promotion)}`,
});

export const duePartition = (shard: number): string => `SYS#DUE#${shard}`;
export const dueIndex = (tenant: string, promotion: string, due_at: string): IndexKey => ({
  GSI3PK: duePartition(shardOf(tenant, promotion)),
  GSI3SK: `${instant(due_at)}#${fingerprint(tenant, promotion)}`,
});
/** Sorts after every due key at or before an instant. */
export const dueUntil = (now: string): string => `${instant(now)}~`;
export const dueOf = (GSI3SK: string): string => GSI3SK.slice(0, GSI3SK.indexOf('#'));

/** Which promotion an item of the table belongs to; `undefined` when it is none. */
export function promotionOf(PK: string): { readonly tenant: string; readonly id: string } | undefined {
  const [t, tenant, type, promotion] = PK.split('#');
  if (t !== 'T' || type !== 'PROMO' || tenant === undefined || promotion === undefined) return undefined;
  return { tenant, id: promotion };
}

/** A rollback stands beside an open promotion of the same content: the record of it is another. */
export const openKey = (
  tenant: string,
  subject: Subject,
  digest: Digest,
  target: string,
  type: PromotionType,
): Key => ({
  PK: `${scope(tenant)}OPEN#${subjectPart(subject)}`,
  SK: `${id(target)}#${hex(digest)}${type === 'rollback' ? '#rollback' : ''}`,
});

export const holdKey = (tenant: string, subject: Subject, target: string): Key => ({
  PK: `${scope(tenant)}HOLD#${subjectPart(subject)}`,
  SK: id(target),
});

/** The heads of an environment lie side by side: a view of all of them reads whole pages, and no item alone. */
export const environmentPartition = (tenant: string, environment: string): string =>
  `${scope(tenant)}ENV#${id(environment)}`;
export const headKey = (tenant: string, slot: Slot): Key => ({
  PK: environmentPartition(tenant, slot.environment),
  SK: `${subjectPart(slot.subject)}${gatewayPart(slot)}`,
});
/** Where a subject's heads lie there: without a gateway, and on each. A few others may lie between. */
export const headsOf = (subject: Subject): { readonly from: string; readonly until: string } => ({
  from: subjectPart(subject),
  until: `${subjectPart(subject)}#~`,
});
export const headsPartition = (tenant: string, subject: Subject): string =>
  `${scope(tenant)}HEAD#${subjectPart(subject)}`;
export const headIndex = (tenant: string, slot: Slot): IndexKey => ({
  GSI1PK: headsPartition(tenant, slot.subject),
  GSI1SK: `${id(slot.environment)}${gatewayPart(slot)}`,
});

export const revisionsKey = (tenant: string, slot: Slot): string =>
  `${scope(tenant)}REV#${subjectPart(slot.subject)}#${environmentPart(slot)}${gatewayPart(slot)}`;
export const revisionKey = (tenant: string, slot: Slot, number: number): Key => ({
  PK: revisionsKey(tenant, slot),
  SK: ordinal(number),
});
/** Says, among the revisions of a slot under its plain name, under which incarnation those of today are. Sorts after all of them. */
export const movedKey = (tenant: string, { incarnation: _, ...slot }: Slot): Key => ({
  PK: revisionsKey(tenant, slot),
  SK: MOVED,
});
export const MOVED = 'MOVED';
/** The number of the last revision that there can be. */
export const LAST_REVISION = ordinal(999_999_999_999);

/** The heads of deleted environments whose name another one has since. */
export const formerHeadsPartition = (tenant: string, environment: string): string =>
  `${scope(tenant)}FORMER#${id(environment)}`;
export const formerHeadKey = (tenant: string, slot: Slot): Key => ({
  PK: formerHeadsPartition(tenant, slot.environment),
  SK: `${subjectPart(slot.subject)}${gatewayPart(slot)}#${ordinal(slot.incarnation ?? 0)}`,
});

/** The requests of a tenant that wait for a promotion to move. */
export const waitsKey = (tenant: string, list: string): Key => ({
  PK: `${scope(tenant)}WAITS#${list}`,
  SK: STATE,
});

/** Everything about one digest: its watch list, and its reports by gate and receipt. */
export const aboutKey = (tenant: string, subject: Digest): string =>
  `${scope(tenant)}SUBJECT#${hex(subject)}`;
export const watchListKey = (tenant: string, subject: Digest): Key => ({
  PK: aboutKey(tenant, subject),
  SK: 'DOCKET',
});
export const evidenceKey = (tenant: string, subject: Digest, report: EvidencePlace): Key => ({
  PK: aboutKey(tenant, subject),
  SK: `${evidenceOf(report.gate)}${instant(report.received_at)}#${hex(report.digest).slice(0, 32)}`,
});
/** A report that no gate looks at any more, by its digest. */
export const retiredKey = (tenant: string, subject: Digest, report: Digest): Key => ({
  PK: aboutKey(tenant, subject),
  SK: `RETIRED#${hex(report)}`,
});
/** What the sort keys of a gate's reports begin with; without a gate, of all reports. */
export const evidenceOf = (gate?: string): string =>
  gate === undefined ? 'EVIDENCE#' : `EVIDENCE#${id(gate)}#`;
export type EvidencePlace = { readonly gate: string; readonly received_at: string; readonly digest: Digest };
/** Watch lists with work are spread over this many partitions: a report writes two units to one, so 4,000 arrive a second. */
export const WATCH_LIST_SHARDS = 8;
export const watchListsPartition = (shard: number): string => `SYS#DOCKETS#${shard}`;
export const watchListIndex = (tenant: string, subject: Digest): IndexKey => ({
  GSI2PK: watchListsPartition(Number.parseInt(hex(subject).slice(0, 2), 16) % WATCH_LIST_SHARDS),
  GSI2SK: `${id(tenant)}#${hex(subject)}`,
});
/** Whose watch list an item is. */
export function watchListOf(PK: string): { readonly tenant: string; readonly subject: Digest } | undefined {
  const [, tenant, , digits] = PK.split('#');
  const subject = `sha256:${digits ?? ''}`;
  return tenant !== undefined && isDigest(subject) ? { tenant, subject } : undefined;
}
export const documentKey = (tenant: string, document: Digest): Key => ({
  PK: `${scope(tenant)}DOCUMENT#${hex(document)}`,
  SK: 'DOCUMENT',
});

/** Who was stopped in an environment. */
export const stoppedPartition = (tenant: string, environment: string): string =>
  `${scope(tenant)}STOPPED#${id(environment)}`;
export const stoppedKey = (tenant: string, environment: string, promotion: string): Key => ({
  PK: stoppedPartition(tenant, environment),
  SK: id(promotion),
});
/** Environments that opened: one partition, since each leaves it within moments. No id is `*`, which is all of them. */
export const UNBLOCK_RECORDS = 'SYS#OPENINGS';
export const unblockKey = (tenant: string, environment: string): Key => ({
  PK: `${scope(tenant)}OPENED#${scoped(environment)}`,
  SK: STATE,
});
export const openingIndex = (tenant: string, environment: string): IndexKey => ({
  GSI2PK: UNBLOCK_RECORDS,
  GSI2SK: `${id(tenant)}#${scoped(environment)}`,
});
/** Which opening a position in that list is. */
export function unblockOf(GSI2SK: string): { readonly tenant: string; readonly environment: string } {
  const [tenant = '', environment = ''] = GSI2SK.split('#');
  return { tenant, environment };
}
const scoped = (environment: string): string => (environment === '*' ? environment : id(environment));

export const answerKey = (tenant: string, key: Digest): Key => ({
  PK: `${scope(tenant)}IDEM#${hex(key)}`,
  SK: 'ANSWER',
});

/** What every decision on a promotion reads lies in one partition, each noun side by side: one query reads it all. */
export const governingPartition = (tenant: string): string => `${scope(tenant)}CATALOG#governing`;
const GOVERNING: ReadonlySet<CatalogItem['type']> = new Set<ScopedNoun>(['rule', 'policy', 'freeze']);
/** Where the items of a noun lie: in a partition of their own, or between two sort keys of the one of what governs. */
export const catalogRange = (tenant: string, type: CatalogItem['type']) =>
  GOVERNING.has(type)
    ? { partition: governingPartition(tenant), from: `${type}#`, until: `${type}#~` }
    : { partition: `${scope(tenant)}CATALOG#${type}` };
export const catalogKey = (tenant: string, type: CatalogItem['type'], item: string): Key => ({
  PK: catalogRange(tenant, type).partition,
  SK: GOVERNING.has(type) ? `${type}#${id(item)}` : id(item),
});
/** The noun of an item of what governs, by its sort key. */
export const governingNoun = (SK: string): string => SK.slice(0, SK.indexOf('#'));

export const subjectPartition = (subject: string): string => `MEMBER#${name(subject)}`;
export const membershipKey = (tenant: string, subject: string): Key => ({
  PK: subjectPartition(subject),
  SK: `T#${id(tenant)}`,
});
export const membersPartition = (tenant: string): string => `${scope(tenant)}MEMBERS`;
export const memberIndex = (tenant: string, subject: string): IndexKey => ({
  GSI1PK: membersPartition(tenant),
  GSI1SK: name(subject),
});

/** Members who may approve somewhere, each with a copy of the membership: whoever asks for them reads nobody else. */
export const approversPartition = (tenant: string): string => `${scope(tenant)}APPROVERS`;
export const approverKey = (tenant: string, subject: string): Key => ({
  PK: approversPartition(tenant),
  SK: name(subject),
});

export const machinesPartition = (tenant: string): string => `${scope(tenant)}MACHINES`;
export const machineKey = (tenant: string, machine: string): Key => ({
  PK: machinesPartition(tenant),
  SK: id(machine),
});
/** Outside any tenant: it is read to learn which tenant a caller belongs to. */
export const identityKey = (account: string, role: string, unique_id: string): Key => ({
  PK: `PRINCIPAL#${name(account)}#${name(role)}#${name(unique_id)}`,
  SK: 'MACHINE',
});

export const TENANTS = 'SYS#TENANTS';
export const tenantKey = (tenant: string): Key => ({ PK: TENANTS, SK: id(tenant) });

/** Config nodes are spread over 256 partitions by the first byte of their hash: what a sweep lists, and no partition runs hot. */
export const nodesPartition = (tenant: string, prefix: string): string =>
  `${scope(tenant)}NODES#${id(prefix)}`;
export const nodeKey = (tenant: string, node: Digest): Key => ({
  PK: nodesPartition(tenant, hex(node).slice(0, 2)),
  SK: hex(node),
});

/** The secret that decides where a tenant's config nodes end. */
export const saltKey = (tenant: string): Key => ({ PK: `${scope(tenant)}CONFIG#TREE`, SK: 'SALT' });

/** Where a scan over all tenants stopped. */
export const cursorKey = (walk: string): Key => ({ PK: 'SYS#CURSORS', SK: id(walk) });

/** What format the table has. */
export const formatKey: Key = { PK: 'SYS#FORMAT', SK: STATE };

/** The changes of what governs a tenant, in their order. */
export const changesPartition = (tenant: string): string => `${scope(tenant)}CHANGES#catalog`;
export const changeKey = (tenant: string, seq: number): Key => ({
  PK: changesPartition(tenant),
  SK: ordinal(seq),
});

/** What weakened an environment, by its time. */
export const weakenedPartition = (tenant: string, environment: string): string =>
  `${scope(tenant)}WEAKENED#${id(environment)}`;
export const weakenedKey = (tenant: string, environment: string, at: string, seq: number): Key => ({
  PK: weakenedPartition(tenant, environment),
  SK: `${instant(at)}#${ordinal(seq)}`,
});

export const denialsPartition = (tenant: string): string => `${scope(tenant)}DENIALS`;
/** One place per minute and fingerprint of actor and action. */
export const denialKey = (tenant: string, at: string, fingerprint: Digest): Key => ({
  PK: denialsPartition(tenant),
  SK: `${instant(at).slice(0, 16)}#${hex(fingerprint).slice(0, 32)}`,
});
