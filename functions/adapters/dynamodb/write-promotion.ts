import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { takingPart } from '../../domain/promotion/taking-part.ts';
import type { WorkflowRecord } from '../../ports/transaction.ts';
import { BODY, encodeBody } from './body.ts';
import { type Item, item } from './item.ts';
import { dueIndex, eventsKey, holdKey, openKey, promotionKey, workIndex } from './keys.ts';
import {
  listOf,
  namedPartition,
  type Part,
  partKey,
  partPartition,
  promotionIndex,
  statusPartition,
} from './keys-promotion.ts';
import { ABSENT, put, remove, type WriteOf } from './write.ts';
import { assertContiguous } from './write-rules.ts';

/**
 * A promotion's state and the events that led to it: two items. The events' item stands for the promotion in the lists of its subject
 * and of who got a part in it; one more item each for more than one person.
 */
export function promotionItems(
  name: string,
  tenant: string,
  write: WriteOf<'promotion'>,
): TransactWriteItem[] {
  assertContiguous(tenant, write);
  const state = write.expected === 0 ? create(name, write) : update(name, write);
  const [first] = write.events;
  if (first === undefined) return [state];
  const { id, subject } = write.state;
  const { GSI1SK } = promotionIndex(write.state);
  const [part, ...parts] = partsIn(tenant, write).map((GSI4PK) => ({ GSI4PK, GSI1SK }));
  const named = write.expected === 0 ? [{ GSI1PK: namedPartition(tenant, subject.name), GSI1SK }] : [];
  const indexes = [...named, ...(part === undefined ? [] : [part])];
  const key = eventsKey(tenant, id, first.seq);
  return [
    state,
    put(name, { key, indexes, body: write.events }, ABSENT),
    ...parts.map((each, nth) =>
      put(name, { key: partKey(tenant, id, first.seq, nth), indexes: [each] }, ABSENT),
    ),
  ];
}

/** The lists of people that a commit puts its promotion in. */
function partsIn(tenant: string, { state, events }: WriteOf<'promotion'>): readonly string[] {
  const { requesters, others } = takingPart(state, events);
  const list = (part: Part) => (actor: { readonly subject: string }) =>
    partPartition(tenant, part, actor.subject);
  return [...requesters.map(list('by')), ...others.map(list('did'))];
}

/** The one uniqueness record of a subject, digest, target and type: free, or held by the closed promotion that the writer saw. */
export function openItem(name: string, tenant: string, write: WriteOf<'open'>): TransactWriteItem {
  const { subject, digest, target, type, promotion_id, replaces } = write;
  const content = {
    key: openKey(tenant, subject, digest, target, type),
    body: { promotion_id },
    attributes: { holder: promotion_id },
  };
  if (replaces === undefined) return put(name, content, ABSENT);
  return put(name, content, { expression: 'holder = :closed', values: item({ ':closed': replaces }) });
}

export function holdItem(name: string, tenant: string, write: WriteOf<'hold'>): TransactWriteItem {
  const key = holdKey(tenant, write.subject, write.target);
  if (!write.held) return remove(name, key);
  return { Put: { TableName: name, Item: item(write.rejected ? { ...key, rejected: 1 } : key) } };
}

function create(name: string, { state, workflowRecord }: WriteOf<'promotion'>): TransactWriteItem {
  const { due, work, listed } = places(state, workflowRecord);
  return put(
    name,
    {
      key: promotionKey(state.tenant, state.id),
      indexes: [promotionIndex(state), ...due, ...work, ...listed],
      body: state,
      attributes: {
        ver: state.seq,
        attempt: workflowRecord.attempt,
        pub: workflowRecord.published,
        ...(workflowRecord.work.length === 0 ? {} : { todo: workflowRecord.work.join(' ') }),
      },
    },
    ABSENT,
  );
}

/**
 * Leaves `pub` alone (only publishing moves it) and never lowers `attempt`: both change beside the version, and a commit
 * that had read them before must not put the old number back.
 */
function update(name: string, { state, workflowRecord, expected }: WriteOf<'promotion'>): TransactWriteItem {
  const { due, work, listed } = places(state, workflowRecord);
  const todo = workflowRecord.work.length === 0 ? [] : [{ todo: workflowRecord.work.join(' ') }];
  const set: Item = item(
    Object.assign({ ver: state.seq, attempt: workflowRecord.attempt }, ...due, ...work, ...listed, ...todo),
  );
  set[BODY] = encodeBody(state);
  const gone = ['todo', 'GSI2PK', 'GSI2SK', 'GSI3PK', 'GSI3SK', 'GSI4PK'].filter(
    (attribute) => set[attribute] === undefined,
  );
  const sets = Object.keys(set).map((attribute) => `${attribute} = :${attribute}`);
  return {
    Update: {
      TableName: name,
      Key: item(promotionKey(state.tenant, state.id)),
      UpdateExpression: `SET ${sets.join(', ')}${gone.length === 0 ? '' : ` REMOVE ${gone.join(', ')}`}`,
      ConditionExpression: 'ver = :expected AND attempt <= :attempt',
      ExpressionAttributeValues: {
        ...Object.fromEntries(Object.entries(set).map(([attribute, value]) => [`:${attribute}`, value])),
        ...item({ ':expected': expected }),
      },
    },
  };
}

function places(state: WriteOf<'promotion'>['state'], workflowRecord: WorkflowRecord) {
  const { tenant, id, requested_at } = state;
  const list = listOf(state.status);
  return {
    due: workflowRecord.due_at === undefined ? [] : [dueIndex(tenant, id, workflowRecord.due_at)],
    work: workflowRecord.work.length === 0 ? [] : [workIndex(tenant, id, requested_at)],
    listed: list === undefined ? [] : [{ GSI4PK: statusPartition(tenant, list) }],
  };
}
