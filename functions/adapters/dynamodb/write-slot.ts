import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { changedAt, isCounted } from '../../domain/deployment/counted.ts';
import { branchOf, type Deployment } from '../../domain/deployment/deployment.ts';
import type { Head } from '../../domain/subject.ts';
import { item } from './item.ts';
import type { IndexKey } from './key-parts.ts';
import { answerKey, catalogKey, formerHeadKey, headIndex, headKey, movedKey, revisionKey } from './keys.ts';
import {
  attemptKey,
  branchKey,
  deployedIndex,
  deploymentIndex,
  deploymentKey,
  evaluationIndex,
  labelIndex,
  momentKey,
  rollUpKey,
  timelineKey,
  uncountedIndex,
} from './keys-deployment.ts';
import { storedRollUp } from './schemas/roll-up.ts';
import { ABSENT, atVersion, type Content, itemOf, put, type WriteOf } from './write.ts';
import { assertRises } from './write-rules.ts';

export function headItem(name: string, tenant: string, write: WriteOf<'head'>): TransactWriteItem {
  const { head, expected } = write;
  assertRises('head', expected, head.version);
  return put(
    name,
    {
      key: headKey(tenant, head.slot),
      indexes: [headIndex(tenant, head.slot)],
      body: head,
      attributes: { ver: head.version },
    },
    atVersion(expected),
  );
}

/** Heads that begin again, each beside the one before; and that no environment of the name is there. */
export function madeAgainItems(
  TableName: string,
  tenant: string,
  { environment, heads }: WriteOf<'made_again'>,
): TransactWriteItem[] {
  const begun = heads.flatMap(({ former, head }) => [
    headItem(TableName, tenant, { write: 'head', head, expected: former.version }),
    put(TableName, { key: formerHeadKey(tenant, former.slot), body: former }, ABSENT),
    { Put: { TableName, Item: itemOf(movedContent(tenant, head)) } },
  ]);
  const Key = item(catalogKey(tenant, 'environment', environment));
  return [...begun, { ConditionCheck: { TableName, Key, ConditionExpression: ABSENT.expression } }];
}

const movedContent = (tenant: string, { slot }: Head): Content => ({
  key: movedKey(tenant, slot),
  attributes: { incarnation: slot.incarnation ?? 0 },
});

/** Revisions are written once and stay. */
export function revisionItem(name: string, tenant: string, write: WriteOf<'revision'>): TransactWriteItem {
  const { revision } = write;
  return put(name, { key: revisionKey(tenant, revision.slot, revision.number), body: revision }, ABSENT);
}

/** A deployment; with its first write also its place among those of its branch. */
export function deploymentItems(
  name: string,
  tenant: string,
  write: WriteOf<'deployment'>,
): TransactWriteItem[] {
  const { deployment, expected } = write;
  const { id, environment, deployed_at, subject, version, version_label } = deployment;
  assertRises(`deployment ${id}`, expected, version);
  const labelled = version_label === undefined ? [] : [labelIndex(tenant, subject, version_label)];
  const stored = put(
    name,
    {
      key: deploymentKey(tenant, id),
      indexes: [
        deploymentIndex(tenant, id, environment, deployed_at),
        deployedIndex(tenant, id, subject, deployed_at),
        ...(subject.kind === 'artifact' ? labelled : []),
        ...openQuestions(tenant, deployment),
      ],
      body: deployment,
      attributes: { ver: version },
    },
    atVersion(expected),
  );
  const branch = branchOf(deployment);
  if (branch === undefined || expected !== 0) return [stored];
  const key = branchKey(tenant, id, subject, branch, deployed_at);
  return [stored, { Put: { TableName: name, Item: itemOf({ key }) } }];
}

/** Every change of an agent's deployment is a question to the rules; while it is not counted, that list has it. */
function openQuestions(tenant: string, deployment: Deployment): readonly IndexKey[] {
  const { id, subject, status } = deployment;
  if (!isCounted(deployment)) return [uncountedIndex(tenant, id, changedAt(deployment))];
  if (subject.kind !== 'agent' || status === 'PENDING') return [];
  return [evaluationIndex(tenant, id, changedAt(deployment))];
}

export function rollUpItem(name: string, tenant: string, write: WriteOf<'roll_up'>): TransactWriteItem {
  const { roll_up, expected } = write;
  assertRises(`roll-up of ${roll_up.day}`, expected, roll_up.version);
  const key = rollUpKey(tenant, roll_up.scope, roll_up.day);
  return put(
    name,
    { key, body: storedRollUp(roll_up), attributes: { ver: roll_up.version } },
    atVersion(expected),
  );
}

/** What happened stays as it was: it may be written any number of times. */
export function momentItem(name: string, tenant: string, write: WriteOf<'moment'>): TransactWriteItem {
  const key = momentKey(tenant, write.of, write.what, write.moment);
  return { Put: { TableName: name, Item: itemOf({ key }) } };
}

export function timelineItem(name: string, tenant: string, write: WriteOf<'timeline'>): TransactWriteItem {
  const { of, expected } = write;
  return put(name, { key: timelineKey(tenant, of), attributes: { ver: expected + 1 } }, atVersion(expected));
}

/** One automatic promotion per deployment and version of a rule, ever. */
export function attemptItem(name: string, tenant: string, write: WriteOf<'attempt'>): TransactWriteItem {
  const { deployment_id, rule_id, rule_version, promotion_id } = write;
  const key = attemptKey(tenant, deployment_id, rule_id, rule_version);
  return put(name, { key, body: { promotion_id } }, ABSENT);
}

/** The answer to a repeated request, kept until `expires_at` and replaceable from then on, swept by TTL or not. */
export function answerItem(
  name: string,
  tenant: string,
  write: WriteOf<'answer'>,
  now: string,
): TransactWriteItem {
  const { answer } = write;
  return put(
    name,
    {
      key: answerKey(tenant, answer.key),
      body: answer,
      attributes: { expires_at: epochSeconds(answer.expires_at) },
    },
    {
      expression: 'attribute_not_exists(PK) OR expires_at <= :now',
      values: item({ ':now': Math.floor(Date.parse(now) / 1000) }),
    },
  );
}

/** Whole seconds since 1970, as TTL wants them, rounded up: never gone before its time. */
export function epochSeconds(instant: string): number {
  return Math.ceil(Date.parse(instant) / 1000);
}
