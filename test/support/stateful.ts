import { z } from 'zod';
import type { SynthesizedTemplate } from './template.ts';

/**
 * What each type of resource that holds data is replaced for, with all that it holds: "Update requires: Replacement" in the reference of
 * CloudFormation. `Schema` of a user pool cannot be changed at all.
 */
const REPLACED_FOR: Readonly<Record<string, readonly string[]>> = {
  'AWS::Cognito::UserPool': ['AliasAttributes', 'UsernameAttributes', 'UsernameConfiguration', 'Schema'],
  'AWS::Cognito::UserPoolClient': ['UserPoolId', 'GenerateSecret'],
  'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
  'AWS::Events::EventBus': ['Name'],
  'AWS::KMS::Key': ['KeySpec', 'KeyUsage', 'MultiRegion'],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
  'AWS::Scheduler::ScheduleGroup': ['Name'],
  'AWS::SecretsManager::Secret': ['Name'],
  'AWS::StepFunctions::StateMachine': ['StateMachineName', 'StateMachineType'],
};
/** Types that hold data and that this project does not use: one that appears needs its line above. */
const OTHERS =
  /^AWS::(DynamoDB::Table|RDS::|EFS::|ElastiCache::|MemoryDB::|OpenSearchService::|Kinesis::|SSM::Parameter|Timestream::|QLDB::|Neptune::)/;

const index = z.strictObject({ keys: z.array(z.string()), projection: z.string() });
const resource = z.strictObject({
  type: z.string(),
  replaced_for: z.record(z.string(), z.unknown()),
  /** What happens to it when the stack, or its place in the template, goes. */
  when_gone: z.string(),
  indexes: z.optional(z.record(z.string(), index)),
});

/** Everything of a template that holds data, by logical id. */
export const Stateful = z.record(z.string(), resource);
export type Stateful = z.infer<typeof Stateful>;

export function statefulOf({ resources }: SynthesizedTemplate): Stateful {
  const found: Stateful = {};
  for (const { id, type, properties } of resources) {
    const names = REPLACED_FOR[type];
    if (names === undefined && OTHERS.test(type))
      throw new Error(`Say in REPLACED_FOR what ${type} is replaced for.`);
    if (names === undefined) continue;
    const set = names.filter((name) => properties[name] !== undefined);
    found[id] = {
      type,
      replaced_for: Object.fromEntries(set.map((name) => [name, properties[name]])),
      when_gone: properties.DeletionPolicy ?? 'Delete',
      ...(properties.GlobalSecondaryIndexes === undefined
        ? {}
        : { indexes: indexesOf(properties.GlobalSecondaryIndexes) }),
    };
  }
  return found;
}

type Definition = {
  readonly IndexName: string;
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  readonly Projection: { readonly ProjectionType: string };
};

const indexesOf = (definitions: readonly Definition[]) =>
  Object.fromEntries(
    definitions.map(({ IndexName, KeySchema, Projection }) => [
      IndexName,
      { keys: KeySchema.map(({ AttributeName }) => AttributeName), projection: Projection.ProjectionType },
    ]),
  );

/** What an update from one template to another would lose, or could not do, in sentences. */
export function lossesOf(before: Stateful, after: Stateful): readonly string[] {
  return Object.entries(before).flatMap(([id, was]) => {
    const is = after[id];
    if (is === undefined || is.type !== was.type)
      return [
        `${id} (${was.type}) is gone: CloudFormation would make another one, empty, or none. Keep its logical id.`,
      ];
    const changed = Object.keys({ ...was.replaced_for, ...is.replaced_for }).filter(
      (name) => JSON.stringify(was.replaced_for[name]) !== JSON.stringify(is.replaced_for[name]),
    );
    return [
      ...changed.map(
        (name) => `${id} (${is.type}) has another ${name}: CloudFormation would replace it by an empty one.`,
      ),
      ...(was.when_gone === is.when_gone
        ? []
        : [`${id} (${is.type}) would be ${is.when_gone} when it goes, not ${was.when_gone}.`]),
      ...indexLosses(id, was.indexes ?? {}, is.indexes ?? {}),
    ];
  });
}

type Indexes = NonNullable<Stateful[string]['indexes']>;

function indexLosses(id: string, was: Indexes, is: Indexes): readonly string[] {
  const added = Object.keys(is).filter((name) => was[name] === undefined);
  const other = Object.keys(was).filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]));
  const late =
    added.length > 1
      ? [
          `${id} has ${added.length} new indexes (${added.join(', ')}): DynamoDB creates one in an update. Release them one by one.`,
        ]
      : [];
  return [
    ...other.map(
      (name) =>
        `${id} has another index ${name}, or none: what reads it finds nothing until it is built. Add a new index instead.`,
    ),
    ...late,
  ];
}
