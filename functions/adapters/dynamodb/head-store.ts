import { Fault } from '../../domain/faults.ts';
import { slotText } from '../../domain/promotion/head.ts';
import type { Head, Revision, Slot } from '../../domain/subject.ts';
import type { HeadStore } from '../../ports/head-store.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { decodeBody } from './body.ts';
import { integer, text } from './item.ts';
import {
  catalogKey,
  catalogRange,
  environmentPartition,
  formerHeadsPartition,
  headKey,
  headsOf,
  headsPartition,
  LAST_REVISION,
  MOVED,
  revisionKey,
  revisionsKey,
} from './keys.ts';
import { bodyPage, indexedPage, peekItem, queryAll, queryPage, readBody, readItem } from './read.ts';
import { head, revision } from './schemas/slot.ts';
import type { Table } from './table.ts';

export function dynamoHeadStore(table: Table): HeadStore {
  return {
    async read(tenant, slot) {
      const found = await headAt(table, tenant, slot);
      if (found === undefined) await assertNeverWritten(table, tenant, slot);
      return found;
    },
    find: (tenant, slot) => headAt(table, tenant, slot),
    assertNeverWritten: (tenant, slot) => assertNeverWritten(table, tenant, slot),
    async peek(tenant, slot) {
      const found = await peekItem(table, headKey(tenant, slot));
      if (found !== undefined) return decodeBody(found, head);
      await assertNeverWritten(table, tenant, slot);
      return undefined;
    },

    async ofSubjectIn(tenant, subject, environment) {
      const range = { partition: environmentPartition(tenant, environment), ...headsOf(subject) };
      const found = (await queryAll(table, range)).map((each) => decodeBody(each, head));
      return found.filter(({ slot }) => slot.subject.name === subject.name);
    },

    async ofSubject(tenant, subject) {
      const found: Head[] = [];
      const range = { partition: headsPartition(tenant, subject), index: 'GSI1' } as const;
      let after: { readonly after?: string } = {};
      for (;;) {
        const page = await indexedPage(table, range, { limit: 100, ...after }, head);
        found.push(...page.items);
        if (page.next === undefined) return found;
        after = { after: page.next };
      }
    },

    inEnvironment: async (tenant, environment, page) =>
      bodyPage(table, { partition: environmentPartition(tenant, environment) }, page, head),

    former: async (tenant, environment, page) =>
      bodyPage(table, { partition: formerHeadsPartition(tenant, environment) }, page, head),

    async glance(tenant, environment) {
      const range = { partition: environmentPartition(tenant, environment), eventually: true } as const;
      return (await queryAll(table, range)).map((each) => decodeBody(each, head));
    },

    async occupancy(tenant, environment) {
      const found = await readItem(table, catalogKey(tenant, 'environment', environment));
      const count = (name: string) => (found?.[name] === undefined ? 0 : integer(found, name));
      return { heads: count('heads'), fills: count('fills') };
    },

    async moves(tenant) {
      const found = await queryAll(table, { ...catalogRange(tenant, 'environment'), eventually: true });
      return new Map(
        found.map((each) => [text(each, 'SK'), each['moves'] === undefined ? 0 : integer(each, 'moves')]),
      );
    },

    revisions: (tenant, slot, page) => revisionPage(table, tenant, slot, page),
    async revisionsFrom(tenant, slot, first, limit) {
      const partition = revisionsKey(tenant, slot);
      const found: Revision[] = [];
      // A query ends after 1 MB, whatever its limit.
      for (let more = true; more && found.length < limit; ) {
        const before = first + found.length - 1;
        const after = before < 1 ? {} : { after: revisionKey(tenant, slot, before).SK };
        const page = await bodyPage(
          table,
          { partition, until: LAST_REVISION },
          { limit: limit - found.length, ...after },
          revision,
        );
        found.push(...page.items);
        more = page.next !== undefined;
      }
      return found;
    },
  };
}

const headAt = (table: Table, tenant: string, slot: Slot): Promise<Head | undefined> =>
  readBody(table, headKey(tenant, slot), head);

/** A page of revisions, newest first. A position in those that lie under an incarnation names that. */
async function revisionPage(
  table: Table,
  tenant: string,
  slot: Slot,
  { limit, after: position }: PageRequest,
): Promise<Page<Revision>> {
  const [after, moved] = position?.split('~') ?? [];
  const of = moved === undefined ? slot : { ...slot, incarnation: Number(moved) };
  const range = { partition: revisionsKey(tenant, of), newestFirst: true, limit } as const;
  const { items, more } = await queryPage(table, after === undefined ? range : { ...range, after });
  const [first, last] = [items.at(0), items.at(-1)];
  if (first !== undefined && text(first, 'SK') === MOVED) {
    const from = `${MOVED}~${integer(first, 'incarnation')}`;
    return await revisionPage(table, tenant, slot, { limit, after: from });
  }
  const found = items.map((each) => decodeBody(each, revision));
  if (!more || last === undefined) return { items: found };
  return { items: found, next: [text(last, 'SK'), ...(moved === undefined ? [] : [moved])].join('~') };
}

/** A lost head was written long ago, so its first revision is read a moment late; a head just written is found by the second look. */
async function assertNeverWritten(table: Table, tenant: string, slot: Slot): Promise<void> {
  if ((await peekItem(table, revisionKey(tenant, slot, 1))) === undefined) return;
  const { late: _, ...strong } = table;
  if ((await readItem(strong, headKey(tenant, slot))) !== undefined) return;
  const { kind, name } = slot.subject;
  throw new Fault(
    'Corrupt',
    `the head of ${kind} ${name} in ${slotText(slot)} is missing; its revisions exist`,
  );
}
