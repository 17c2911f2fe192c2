import type { FunctionDeclaration } from '../declaration.ts';
import { DRIVES } from './drives.ts';
import { STEP } from './step.ts';

/** Functions that events and time call. */
export const BACKGROUND_FUNCTIONS = [
  {
    name: 'auto-promote',
    entry: 'events/auto-promote.ts',
    description: 'Requests the promotions that a new deployment, its metrics or a report makes due.',
    ...STEP,
    trigger: {
      type: 'bus',
      detailTypePrefixes: [
        'dev.cdevents.service.',
        'dev.cdeventsx.sluice-deployment.',
        'dev.cdeventsx.sluice-evidence.',
      ],
    },
    grants: {
      table: {
        actions: ['BatchGetItem', 'ConditionCheckItem', 'GetItem', 'Query', 'PutItem', 'UpdateItem'],
        indexes: ['GSI1', 'GSI4'],
      },
      ...DRIVES,
    },
  },
  {
    name: 'token-claims',
    entry: 'events/token-claims.ts',
    description: 'Copies memberships into tokens, for the convenience of clients.',
    memory: 1024,
    // Cognito waits 5 s for a trigger, then signs nobody in.
    timeout: 5,
    trigger: { type: 'pre-token-generation' },
    grants: { table: { actions: ['GetItem', 'Query'] } },
  },
  {
    name: 'sweep',
    entry: 'schedule/sweep.ts',
    description: 'Does again what an intent on an item still asks for.',
    memory: 1024,
    // Ends before the next one starts.
    timeout: 55,
    trigger: { type: 'rate', minutes: 1 },
    grants: {
      table: {
        actions: [
          'BatchGetItem',
          'ConditionCheckItem',
          'GetItem',
          'Query',
          'DeleteItem',
          'PutItem',
          'UpdateItem',
        ],
        indexes: ['GSI1', 'GSI2', 'GSI3', 'GSI4'],
      },
      ...DRIVES,
      schedules: true,
      secrets: ['gateway', 'registry'],
    },
  },
  {
    name: 'feed-log',
    entry: 'schedule/feed-log.ts',
    description: 'Appends what happened to the transparency logs of tenants, and signs them.',
    // It waits for the bucket and the key most of its time.
    memory: 512,
    // Ends before the next one starts.
    timeout: 55,
    trigger: { type: 'rate', minutes: 1 },
    grants: {
      table: {
        actions: ['BatchGetItem', 'GetItem', 'Query', 'DeleteItem', 'PutItem'],
        indexes: ['GSI1', 'GSI4'],
      },
      log: 'writes',
    },
  },
  {
    name: 'fire',
    entry: 'schedule/fire.ts',
    description: 'Executes a promotion whose scheduled time has come.',
    ...STEP,
    trigger: { type: 'alarm' },
    grants: {
      table: { actions: ['BatchGetItem', 'ConditionCheckItem', 'GetItem', 'Query', 'PutItem', 'UpdateItem'] },
      ...DRIVES,
      schedules: true,
    },
  },
  {
    name: 'evaluate-rules',
    entry: 'schedule/evaluate-rules.ts',
    description: 'Evaluates conditions that turn true with time.',
    memory: 1024,
    timeout: 240,
    trigger: { type: 'rate', minutes: 5 },
    grants: {
      table: {
        actions: [
          'BatchGetItem',
          'ConditionCheckItem',
          'GetItem',
          'Query',
          'DeleteItem',
          'PutItem',
          'UpdateItem',
        ],
        indexes: ['GSI1', 'GSI3', 'GSI4'],
      },
      ...DRIVES,
    },
  },
  {
    name: 'garbage',
    entry: 'schedule/keep-table.ts',
    description:
      'Judges, numbers and migrates the table, and removes config nodes that nothing refers to any more.',
    judges: true,
    // Marks are held in memory: some 100 bytes for each node of a tenant.
    memory: 2048,
    timeout: 900,
    trigger: { type: 'rate', minutes: 1440 },
    grants: {
      table: {
        actions: ['BatchGetItem', 'GetItem', 'Query', 'Scan', 'DeleteItem', 'PutItem'],
        indexes: ['GSI1', 'GSI4'],
        // The number of the format, and whatever a migration moves.
        administers: true,
      },
    },
  },
  {
    name: 'seed',
    entry: 'events/seed.ts',
    description: 'Creates a tenant with its default pipeline and people, when an operator invokes it.',
    memory: 1024,
    timeout: 60,
    trigger: { type: 'seed' },
    grants: {
      table: {
        actions: [
          'BatchGetItem',
          'BatchWriteItem',
          'ConditionCheckItem',
          'GetItem',
          'Query',
          'DeleteItem',
          'PutItem',
          'UpdateItem',
        ],
        indexes: ['GSI1'],
        administers: true,
      },
    },
  },
] as const satisfies readonly FunctionDeclaration[];
