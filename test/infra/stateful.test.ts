import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { releases } from '../support/releases.ts';
import { lossesOf, Stateful, statefulOf } from '../support/stateful.ts';
import { realTemplate } from '../support/template.ts';

/** Of the last release, and of today. */
const kept = z
  .strictObject({ released: z.strictObject({ version: z.string(), resources: Stateful }), today: Stateful })
  .parse(JSON.parse(readFileSync(new URL('stateful.json', import.meta.url), 'utf8')));

describe('what holds data', () => {
  let today: Stateful;
  beforeAll(async () => {
    today = statefulOf(await realTemplate());
  });

  it('loses nothing by an update from the last release, nor from what was kept', () => {
    expect(kept.released.version, 'stateful.json keeps another release as the last one').toBe(
      releases.released[0].version,
    );
    expect(lossesOf(kept.released.resources, today)).toEqual([]);
    expect(lossesOf(kept.today, today)).toEqual([]);
  });

  it('is kept in stateful.json, whatever was added too', () => {
    expect(today, 'put what is new into test/infra/stateful.json ("today"): from then on it is kept').toEqual(
      kept.today,
    );
  });

  it('is everything that a template of ours has of such types', () => {
    const types = Object.values(today).map(({ type }) => type.replace('AWS::', ''));
    expect(new Set(types)).toEqual(
      new Set([
        ...[
          'DynamoDB::GlobalTable',
          'Cognito::UserPool',
          'Cognito::UserPoolClient',
          'KMS::Key',
          'S3::Bucket',
        ],
        ...['SQS::Queue', 'Events::EventBus', 'Scheduler::ScheduleGroup', 'StepFunctions::StateMachine'],
      ]),
    );
    expect(Object.values(today).find(({ indexes }) => indexes !== undefined)?.indexes).toHaveProperty('GSI4');
  });
});

describe('a change of what holds data', () => {
  const table = {
    type: 'AWS::DynamoDB::GlobalTable',
    replaced_for: { KeySchema: ['PK', 'SK'] },
    when_gone: 'RetainExceptOnCreate',
    indexes: { GSI1: { keys: ['GSI1PK', 'GSI1SK'], projection: 'KEYS_ONLY' } },
  };
  const updated = (changed: Partial<typeof table>) =>
    lossesOf({ table }, { table: { ...table, ...changed } });
  const more = (...names: readonly string[]) => ({
    indexes: {
      ...table.indexes,
      ...Object.fromEntries(names.map((name) => [name, { keys: [name], projection: 'ALL' }])),
    },
  });

  it.each([
    [
      'another key',
      updated({ replaced_for: { KeySchema: ['PK'] } }),
      'has another KeySchema: CloudFormation would replace it',
    ],
    ['another type', updated({ type: 'AWS::DynamoDB::Table' }), 'is gone'],
    [
      'another logical id',
      lossesOf({ table }, { renamed: table }),
      'is gone: CloudFormation would make another one',
    ],
    ['less protection', updated({ when_gone: 'Delete' }), 'would be Delete when it goes'],
    ['another index under a name', updated(more('GSI1')), 'has another index GSI1'],
    [
      'two indexes at once',
      updated(more('GSI2', 'GSI3')),
      '2 new indexes (GSI2, GSI3): DynamoDB creates one in an update',
    ],
  ])('is named: %s', (_, losses, sentence) => {
    expect(losses).toEqual([expect.stringContaining(sentence)]);
  });

  it('is none where one index, or another resource, is added', () => {
    expect(lossesOf({ table }, { table: { ...table, ...more('GSI2') }, queue: table })).toEqual([]);
  });
});
