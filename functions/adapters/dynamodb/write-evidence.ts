import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Digest } from '../../domain/digest.ts';
import type { Evidence } from '../../domain/gates/evidence.ts';
import { evidenceDigest } from '../../domain/gates/judge-gate.ts';
import { item } from './item.ts';
import type { Key } from './key-parts.ts';
import {
  documentKey,
  evidenceKey,
  providerAnswerKey,
  retiredKey,
  watchListIndex,
  watchListKey,
} from './keys.ts';
import { ABSENT, itemOf, put, remove, type WriteOf } from './write.ts';

/** A report, its document under that document's own digest, what gives way to it, and the watch list one version further, with work. */
export function evidenceItems(
  name: string,
  tenant: string,
  { evidence, document, retires = [] }: WriteOf<'evidence'>,
): TransactWriteItem[] {
  const { subject_digest, document_digest } = evidence;
  const digest = evidenceDigest(evidence);
  const others = retires.filter((one) => evidenceDigest(one) !== digest);
  const place = others.length < retires.length ? retiredPlace : keptPlace;
  const index = watchListIndex(tenant, subject_digest);
  const places = Object.keys(index).map((each) => `${each} = :${each}`);
  const raised: TransactWriteItem = {
    Update: {
      TableName: name,
      Key: item(watchListKey(tenant, subject_digest)),
      UpdateExpression: `ADD ver :one SET ${places.join(', ')}`,
      ExpressionAttributeValues: item({
        ':one': 1,
        ...Object.fromEntries(Object.entries(index).map(([each, value]) => [`:${each}`, value])),
      }),
    },
  };
  const report = put(name, { key: place(tenant, evidence), body: evidence }, ABSENT);
  const items = [report, raised, ...others.flatMap((one) => retirement(name, tenant, one))];
  if (document === undefined) return items;
  return [...items, documentItem(name, tenant, document_digest, document)];
}

/** Moves a report to where only its digest finds it. Somebody else may have moved it already: it is the same report there. */
function retirement(name: string, tenant: string, evidence: Evidence): TransactWriteItem[] {
  const moved = { key: retiredPlace(tenant, evidence), body: evidence };
  return [remove(name, keptPlace(tenant, evidence)), { Put: { TableName: name, Item: itemOf(moved) } }];
}

const retiredPlace = (tenant: string, evidence: Evidence): Key =>
  retiredKey(tenant, evidence.subject_digest, evidenceDigest(evidence));

const keptPlace = (tenant: string, evidence: Evidence): Key => {
  const { subject_digest, gate, received_at } = evidence;
  return evidenceKey(tenant, subject_digest, { gate, received_at, digest: evidenceDigest(evidence) });
};

/** The next answer of a provider, and its document. */
export function providerAnswerItems(
  name: string,
  tenant: string,
  { promotion_id, answer, document }: WriteOf<'provider_answer'>,
): TransactWriteItem[] {
  const { number, evidence } = answer;
  const key = providerAnswerKey(tenant, promotion_id, evidence.gate, number);
  const kept = put(name, { key, body: answer }, ABSENT);
  if (document === undefined) return [kept];
  return [kept, documentItem(name, tenant, evidence.document_digest, document)];
}

/** The same document again is the same item: nothing to compare. */
function documentItem(name: string, tenant: string, digest: Digest, text: string): TransactWriteItem {
  const content = { key: documentKey(tenant, digest), body: { text } };
  return { Put: { TableName: name, Item: itemOf(content) } };
}

/** Nothing has come since `seen`; `ver` is absent until the first report. */
export function watchItem(
  name: string,
  tenant: string,
  { subject_digest, seen, promotion_id }: WriteOf<'watch'>,
): TransactWriteItem {
  return {
    Update: {
      TableName: name,
      Key: item(watchListKey(tenant, subject_digest)),
      UpdateExpression: 'ADD waiting :promotion',
      ConditionExpression: seen === 0 ? 'attribute_not_exists(ver)' : 'ver = :seen',
      ExpressionAttributeValues: item({
        ':promotion': { SS: [promotion_id] },
        ...(seen === 0 ? {} : { ':seen': seen }),
      }),
    },
  };
}

export function unwatchItem(
  name: string,
  tenant: string,
  { subject_digest, promotion_ids }: WriteOf<'unwatch'>,
): TransactWriteItem {
  return {
    Update: {
      TableName: name,
      Key: item(watchListKey(tenant, subject_digest)),
      UpdateExpression: 'DELETE waiting :promotions',
      ExpressionAttributeValues: item({ ':promotions': { SS: [...promotion_ids] } }),
    },
  };
}
