import { BEARER_KEYS, type FunctionDeclaration, WORK_KEYS, WRITES } from '../../infra/declaration.ts';
import { FUNCTIONS, type FunctionName } from '../../infra/functions.ts';

/** A call as it goes over the wire: the header `x-amz-target`, or of a REST service method and path, and the JSON body. */
export type RecordedCall = { readonly target: string; readonly body: ReturnType<typeof JSON.parse> };

/**
 * What a call needs, in the words of `grantedTo`: an action, followed by the index it queries or by `any key` when it
 * writes a key outside `WORK_KEYS`. A transaction or batch needs what its parts need.
 */
export function needs({ target, body }: RecordedCall): string[] {
  const alarm = /^(POST|PUT|DELETE) \/schedules\/[0-9a-f]{64}(\?|$)/.exec(target)?.[1];
  if (alarm !== undefined) return alarmNeeds(alarm);
  const object = /^(GET|PUT) \/log[a-z0-9]*\//.exec(target)?.[1];
  if (object !== undefined) return [object === 'GET' ? 's3:GetObject' : 's3:PutObject'];
  if (target === 'POST /v2/email/outbound-emails') return ['ses:SendEmail'];
  if (/^POST \/2015-03-31\/functions\/[^/]+\/invocations$/.test(target)) return ['lambda:InvokeFunction'];
  const [service, operation] = [target.split('.').at(0), target.split('.').at(-1)];
  switch (service) {
    case 'DynamoDB_20120810':
      return tableNeeds(operation ?? '', body);
    case 'AWSStepFunctions':
      return [`states:${operation}`];
    case 'AWSEvents':
      return [`events:${operation}`];
    case 'AmazonSQS':
      return [`sqs:${String(operation).replace(/Batch$/, '')} ${queueOf(body.QueueUrl)}`];
    case 'TrentService':
      return [`kms:${operation}`];
    case 'secretsmanager':
      return [`secretsmanager:${operation} ${purposeOf(String(body.SecretId))}`];
    default:
      return [target];
  }
}

/** Who sets an alarm hands it the role under which it calls. */
function alarmNeeds(method: string): string[] {
  if (method === 'DELETE') return ['scheduler:DeleteSchedule'];
  return [method === 'POST' ? 'scheduler:CreateSchedule' : 'scheduler:UpdateSchedule', 'iam:PassRole'];
}

/** The purpose in the name of a secret of Sluice. */
const purposeOf = (id: string): string => /^sluice\/[^/]+\/([a-z]+)\/./.exec(id)?.[1] ?? 'outside sluice/';

/** The declared name of a queue by its URL, which ends in the logical id: `queuesslackactions1A2B3C4D`. */
function queueOf(url: string): string {
  const id = url
    .split('/')
    .at(-1)
    ?.replace(/\.fifo$/, '')
    .slice(0, -8);
  const names = FUNCTIONS.flatMap(({ trigger }: FunctionDeclaration) =>
    trigger.type === 'queue' ? [trigger.queue, `${trigger.queue}-dead`] : [],
  );
  return names.find((name) => `queues${name.replaceAll('-', '')}` === id) ?? url;
}

function tableNeeds(operation: string, body: RecordedCall['body']): string[] {
  switch (operation) {
    case 'Query':
      return [body.IndexName ? `dynamodb:Query ${body.IndexName}` : 'dynamodb:Query'];
    case 'BatchWriteItem':
      return Object.values<RecordedCall['body']>(body.RequestItems)
        .flat()
        .flatMap(({ PutRequest, DeleteRequest }) => writeNeeds(operation, PutRequest ?? DeleteRequest));
    case 'TransactGetItems':
      return ['dynamodb:GetItem'];
    case 'TransactWriteItems':
      return body.TransactItems.flatMap((part: RecordedCall['body']) =>
        Object.entries<RecordedCall['body']>(part).flatMap(([kind, write]) =>
          kind === 'ConditionCheck' ? ['dynamodb:ConditionCheckItem'] : writeNeeds(`${kind}Item`, write),
        ),
      );
    default:
      return writeNeeds(operation, body);
  }
}

function writeNeeds(operation: string, { Item, Key }: RecordedCall['body']): string[] {
  const action = `dynamodb:${operation}`;
  if (!WRITES.some((each) => each === operation)) return [action];
  const partition = String((Item ?? Key).PK.S);
  if (isWork(partition)) return [action];
  const bearer = BEARER_KEYS.find((key) => fits(partition, key));
  return [action, bearer === undefined ? `${action} any key` : `dynamodb writes ${bearer}`];
}

/** Whether IAM's StringLike finds a partition key among `WORK_KEYS`. */
export function isWork(partition: string): boolean {
  return WORK_KEYS.some((key) => fits(partition, key));
}

const fits = (partition: string, key: string): boolean =>
  new RegExp(`^${key.replaceAll('*', '.*')}$`, 's').test(partition);

/** What it takes to set alarms. */
const ALARMS = [
  'scheduler:CreateSchedule',
  'scheduler:UpdateSchedule',
  'scheduler:DeleteSchedule',
  'iam:PassRole',
];

/** What a function is granted, in the words of `needs`. */
export function grantedTo(name: FunctionName): string[] {
  const found: FunctionDeclaration | undefined = FUNCTIONS.find((each) => each.name === name);
  if (!found) throw new Error(`No function ${name}.`);
  const { table, schedules, publishes, starts, wakes, secrets, signs, shows_key, sends, mails, log } =
    found.grants;
  const writes = (table?.actions ?? []).filter((action) => WRITES.some((each) => each === action));
  return [
    ...(table?.actions ?? []).map((action) => `dynamodb:${action}`),
    ...(table?.administers ? writes.map((action) => `dynamodb:${action} any key`) : []),
    ...(table?.opens ?? []).map((key) => `dynamodb writes ${key}`),
    ...(table?.indexes ?? []).map((index) => `dynamodb:Query ${index}`),
    ...(schedules ? ALARMS : []),
    // Who commits what is recorded may wake the log's feeder; who moves what is stored calls itself again.
    ...(table?.actions.includes('ConditionCheckItem') || found.judges ? ['lambda:InvokeFunction'] : []),
    ...(publishes ? ['events:PutEvents'] : []),
    ...(starts ? ['states:StartExecution'] : []),
    ...(wakes ? ['states:SendTaskSuccess'] : []),
    ...(signs ? ['kms:Sign'] : []),
    ...(shows_key ? ['kms:GetPublicKey'] : []),
    ...(log === undefined ? [] : ['s3:GetObject', 's3:ListBucket']),
    ...(log === 'writes' ? ['s3:PutObject', 'kms:Sign', 'kms:GetPublicKey'] : []),
    ...(secrets ?? []).map((purpose) => `secretsmanager:GetSecretValue ${purpose}`),
    ...(mails ? ['ses:SendEmail'] : []),
    ...(sends ?? []).map((name) => `sqs:SendMessage ${name}`),
    ...(found.trigger.type === 'queue'
      ? [`sqs:ChangeMessageVisibility ${found.trigger.queue}`, `sqs:SendMessage ${found.trigger.queue}-dead`]
      : []),
  ];
}
