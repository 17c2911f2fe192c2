import { join } from 'node:path';
import { ArnFormat, Duration, Stack, Validations } from 'aws-cdk-lib';
import type { UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { type Conditions, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  RecursiveLoop,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import {
  type FunctionDeclaration,
  type Grants,
  type QueueName,
  type SecretPurpose,
  type TableAction,
  WORK_KEYS,
  WRITES,
} from '../declaration.ts';
import { KEPT } from './keeping.ts';
import type { TransparencyLog } from './transparency-log.ts';

/** `ForAllValues` also holds for a request that names no key; the second line refuses those. */
const keysOnly = (keys: readonly string[]): Conditions => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

/** What Lambda does with a queue in the name of the function that it calls. */
const RECEIVES = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'] as const;

/** Built functions: `folder` holds one folder for each, with its `index.mjs`. `shared`: they load chunks from beside their folders. */
export type Bundles = { readonly folder: string; readonly shared: boolean };

export type SluiceFunctionProps = {
  readonly declaration: FunctionDeclaration;
  readonly bundles: Bundles;
  /** Tells installations in one account apart, among metrics too. */
  readonly prefix: string;
};

/**
 * One Lambda function with a role, a log group and a bundle of its own. Besides writing its log and its traces it may do
 * nothing until it is granted something; each grant also sets the variable by which the code finds the resource.
 */
export class SluiceFunction extends LambdaFunction {
  readonly declaration: FunctionDeclaration;

  constructor(scope: Construct, id: string, { declaration, bundles, prefix }: SluiceFunctionProps) {
    const logGroup = new LogGroup(scope, `${id}-logs`, {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: KEPT,
    });
    const role = new Role(scope, `${id}-role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Sluice: ${declaration.description}`,
    });
    super(scope, id, {
      ...(isNamed(declaration) ? { functionName: ownName(scope, declaration) } : {}),
      // One that calls itself for hours stops by itself.
      ...(declaration.judges ? { recursiveLoop: RecursiveLoop.ALLOW } : {}),
      description: declaration.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      ...codeOf(declaration, bundles),
      memorySize: declaration.memory,
      timeout: Duration.seconds(declaration.timeout),
      tracing: Tracing.ACTIVE,
      role,
      logGroup,
      environment: {
        POWERTOOLS_SERVICE_NAME: declaration.name,
        INSTALLATION: prefix,
        POWERTOOLS_LOG_LEVEL: 'INFO',
      },
    });
    this.declaration = declaration;
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray has no resources to name.',
    });
  }

  /** The declared actions on the table and, to query them, the declared indexes. */
  useTable(
    table: TableV2,
    { actions, indexes = [], opens = [], administers }: NonNullable<Grants['table']>,
  ): void {
    this.addEnvironment('TABLE_NAME', table.tableName);
    const [looks, writes] = [actions.filter((each) => !isWrite(each)), actions.filter(isWrite)];
    this.allow(looks.map(qualified), [table.tableArn]);
    this.allow(
      writes.map(qualified),
      [table.tableArn],
      administers ? {} : keysOnly([...WORK_KEYS, ...opens]),
    );
    this.allow(
      indexes.length > 0 ? ['dynamodb:Query'] : [],
      indexes.map((index) => `${table.tableArn}/index/${index}`),
    );
  }

  /** Where people reach the pages. */
  linkTo(url: string): void {
    this.addEnvironment('PUBLIC_URL', url);
  }

  /** The pool of people as OpenID Connect issuer; whoever asks it needs no right to do so. */
  identifyBy({ pool, client }: { readonly pool: UserPool; readonly client: UserPoolClient }): void {
    this.addEnvironment('OIDC_ISSUER', pool.userPoolProviderUrl);
    this.addEnvironment('OIDC_CLIENT_ID', client.userPoolClientId);
  }

  /** Events on the bus. */
  publishTo(bus: EventBus): void {
    this.addEnvironment('BUS_NAME', bus.eventBusName);
    this.allow(['events:PutEvents'], [bus.eventBusArn]);
  }

  /** Messages to a queue. */
  sendTo(name: QueueName, queue: IQueue): void {
    this.addEnvironment(`${variableOf(name)}_QUEUE_URL`, queue.queueUrl);
    this.allow(['sqs:SendMessage'], [queue.queueArn]);
  }

  /** The messages of a queue: Lambda takes them in the function's name, the code postpones and buries them. */
  workOff(
    { name, queue, dead }: { readonly name: QueueName; readonly queue: IQueue; readonly dead: IQueue },
    attempts: number,
  ): void {
    this.addEnvironment(`${variableOf(name)}_QUEUE_URL`, queue.queueUrl);
    this.addEnvironment(`${variableOf(name)}_DEAD_QUEUE_URL`, dead.queueUrl);
    this.addEnvironment(`${variableOf(name)}_QUEUE_ATTEMPTS`, String(attempts));
    this.allow([...RECEIVES, 'sqs:ChangeMessageVisibility'], [queue.queueArn]);
    this.allow(['sqs:SendMessage'], [dead.queueArn]);
  }

  /** Signatures by the key of the audit, and where the function shows it to others its public half. */
  signWith(key: Key, shown: boolean): void {
    this.addEnvironment('AUDIT_KEY_ID', key.keyId);
    this.allow(['kms:Sign', ...(shown ? ['kms:GetPublicKey'] : [])], [key.keyArn]);
  }

  /** The objects of the logs, and the key that signs them for who writes them. */
  logTo({ bucket, key }: TransparencyLog, grant: NonNullable<Grants['log']>): void {
    this.addEnvironment('LOG_BUCKET', bucket.bucketName);
    const objects = bucket.arnForObjects('*');
    this.allow(['s3:GetObject', ...(grant === 'writes' ? ['s3:PutObject'] : [])], [objects]);
    // Without the right to list, S3 answers 403 for an object that is not there.
    this.allow(['s3:ListBucket'], [bucket.bucketArn]);
    if (grant === 'writes') {
      this.addEnvironment('LOG_KEY_ID', key.keyId);
      this.allow(['kms:Sign', 'kms:GetPublicKey'], [key.keyArn]);
    }
    Validations.of(this.role ?? this).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${logicalIdOf(bucket)}.Arn>/*]`,
      reason: 'Objects are named by tenant and by place in the tree; the bucket holds logs alone.',
    });
  }

  /** Asynchronous calls of the function that feeds the logs. */
  wake(feeder: SluiceFunction): void {
    this.addEnvironment('LOG_FEEDER', feeder.functionName);
    this.allow(['lambda:InvokeFunction'], [feeder.functionArn]);
  }

  /** Asynchronous calls of itself, for work that takes longer than one call. */
  callItself(): void {
    const arn = Stack.of(this).formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: ownName(this, this.declaration),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.allow(['lambda:InvokeFunction'], [arn]);
  }

  /** Mail from one address, by whichever identity of SES stands for it. */
  mailAs(from: string): void {
    this.addEnvironment('MAIL_FROM', from);
    const identities = Stack.of(this).formatArn({
      service: 'ses',
      resource: 'identity',
      resourceName: '*',
    });
    this.allow(['ses:SendEmail'], [identities], { StringEquals: { 'ses:FromAddress': from } });
    Validations.of(this.role ?? this).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*]',
      reason:
        'The identity is the address or its domain, as the operator verified it; the condition names the address.',
    });
  }

  /**
   * Secrets of this installation for these purposes, named `<prefix>/<tenant>/<purpose>/…`, and no others. References begin with `sluice/`
   * in every installation.
   */
  readSecrets(prefix: string, purposes: readonly SecretPurpose[]): void {
    this.addEnvironment('SECRETS_PREFIX', prefix);
    const names = purposes.map((purpose) => `${prefix}/*/${purpose}/*`);
    const secrets = names.map((name) =>
      Stack.of(this).formatArn({
        service: 'secretsmanager',
        resource: 'secret',
        resourceName: name,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    );
    this.allow(['secretsmanager:GetSecretValue'], secrets);
    for (const name of names) {
      Validations.of(this.role ?? this).acknowledge({
        id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${name}]`,
        reason: 'Tenants come and go; the code refuses a reference outside its own tenant.',
      });
    }
  }

  private allow(actions: readonly string[], resources: readonly string[], conditions: Conditions = {}): void {
    if (actions.length === 0) return;
    this.addToRolePolicy(
      new PolicyStatement({ actions: [...actions], resources: [...resources], conditions }),
    );
  }
}

/** The function's own bundle, or itself among all. */
const codeOf = ({ name }: FunctionDeclaration, { folder, shared }: Bundles) =>
  shared
    ? { handler: `${name}/index.handler`, code: Code.fromAsset(folder) }
    : { handler: 'index.handler', code: Code.fromAsset(join(folder, name)) };

const isWrite = (action: TableAction): boolean => WRITES.some((write) => write === action);
const qualified = (action: TableAction): string => `dynamodb:${action}`;
const variableOf = (queue: QueueName): string => queue.replaceAll('-', '_').toUpperCase();

/** A function that has itself called, by alarms or at once, needs a name that the template knows beforehand: by reference it would wait for itself. */
const isNamed = ({ trigger, judges }: FunctionDeclaration): boolean =>
  trigger.type === 'alarm' || judges === true;
export const ownName = (scope: Construct, { name }: FunctionDeclaration): string =>
  `${Stack.of(scope).stackName}-${name}`;

function logicalIdOf(bucket: Bucket): string {
  const { defaultChild } = bucket.node;
  if (!(defaultChild instanceof CfnBucket)) throw new Error(`${bucket.node.path} is no bucket.`);
  return Stack.of(bucket).getLogicalId(defaultChild);
}
