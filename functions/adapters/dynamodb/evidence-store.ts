import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { Fault } from '../../domain/faults.ts';
import type { EvidenceStore } from '../../ports/evidence-store.ts';
import { readBatches } from './batches.ts';
import { decodeBody } from './body.ts';
import { conditional } from './call.ts';
import { integer, item, text } from './item.ts';
import {
  aboutKey,
  documentKey,
  evidenceOf,
  promotionKey,
  providerAnswersOf,
  retiredKey,
  WATCH_LIST_SHARDS,
  watchListKey,
  watchListOf,
  watchListsPartition,
} from './keys.ts';
import { queryAll, queryPage, readBody, readItem } from './read.ts';
import { document as documentBody, evidence, providerAnswer } from './schemas/evidence.ts';
import { sharded } from './sharded.ts';
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

    withWork: async (page) => {
      const spread = { index: 'GSI2', partition: watchListsPartition, shards: WATCH_LIST_SHARDS } as const;
      return sharded(table, { ...spread, refOf }, page);
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

function refOf(PK: string) {
  const ref = watchListOf(PK);
  if (ref === undefined) throw new Fault('Corrupt', `${PK} is nobody's watch list`);
  return ref;
}
