import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { Fault } from '../../domain/faults.ts';
import type { EvidenceStore } from '../../ports/evidence-store.ts';
import { readBatches } from './batches.ts';
import { decodeBody } from './body.ts';
import { conditional } from './call.ts';
import { type Item, integer, item, text, where } from './item.ts';
import {
  aboutKey,
  documentKey,
  evidenceOf,
  promotionKey,
  providerAnswersOf,
  retiredKey,
  WATCH_LISTS,
  watchListKey,
  watchListOf,
} from './keys.ts';
import { queryAll, queryPage, readBody, readItem } from './read.ts';
import { document as documentBody, evidence, providerAnswer } from './schemas/evidence.ts';
import type { Table } from './table.ts';

/** Evidence over the table. Reports of one gate lie together, so that a promotion reads those of its gates alone. */
export function dynamoEvidenceStore(table: Table): EvidenceStore {
  return {
    async watchList(tenant, subject) {
      const found = await readItem(table, watchListKey(tenant, subject));
      if (found === undefined) return { version: 0, waiting: [] };
      const version = found['ver'] === undefined ? 0 : integer(found, 'ver');
      return { version, waiting: [...(found['waiting']?.SS ?? [])].sort() };
    },

    async about(tenant, subject, gates) {
      const partition = aboutKey(tenant, subject);
      const starts = gates === undefined ? [evidenceOf()] : gates.toSorted().map((gate) => evidenceOf(gate));
      const found = await Promise.all(
        starts.map((start) => queryAll(table, { partition, after: start, until: `${start}~` })),
      );
      return found.flat().map((each) => decodeBody(each, evidence));
    },

    async retired(tenant, subject, digests) {
      const keys = digests.map((digest) => retiredKey(tenant, subject, digest));
      const found = await readBatches(table, keys, 'strong');
      return found.map((each) => decodeBody(each, evidence));
    },

    async latestAnswers(tenant, promotion, gates) {
      const { PK: partition } = promotionKey(tenant, promotion);
      const found = await Promise.all(
        gates.map(async (gate) => {
          const start = providerAnswersOf(gate);
          const range = { partition, after: `${start}~`, newestFirst: true, limit: 1 };
          // Before the first answer of a gate lies something else of the promotion.
          return (await queryPage(table, range)).items.filter((each) => text(each, 'SK').startsWith(start));
        }),
      );
      return found.flat().map((each) => decodeBody(each, providerAnswer));
    },

    async answers(tenant, promotion) {
      const start = providerAnswersOf();
      const { PK: partition } = promotionKey(tenant, promotion);
      const found = await queryAll(table, { partition, after: start, until: `${start}~` });
      return found.map((each) => decodeBody(each, providerAnswer));
    },

    async document(tenant, document) {
      return (await readBody(table, documentKey(tenant, document), documentBody))?.text;
    },

    async withWork(page) {
      const { items, more } = await queryPage(table, { partition: WATCH_LISTS, index: 'GSI2', ...page });
      const last = items.at(-1);
      const refs = items.map(refOf);
      return more && last !== undefined ? { items: refs, next: text(last, 'GSI2SK') } : { items: refs };
    },

    async clearWork({ tenant, subject }, version) {
      const command = new UpdateItemCommand({
        TableName: table.name,
        Key: item(watchListKey(tenant, subject)),
        UpdateExpression: 'REMOVE GSI2PK, GSI2SK',
        ConditionExpression: 'ver = :version',
        ExpressionAttributeValues: item({ ':version': version }),
      });
      return await conditional(() => table.client.send(command));
    },
  };
}

function refOf(found: Item) {
  const ref = watchListOf(text(found, 'GSI2SK'));
  if (ref === undefined) throw new Fault('Corrupt', `${where(found)} is nobody's watch list`);
  return ref;
}
