import type { FunctionDeclaration, HttpPath } from './declaration.ts';

/** Below the 30 s after which an HTTP API gives up; a commit gives up after 20 s and answers 503 itself. */
const HTTP = { memory: 1024, timeout: 28 } as const;
/** One step is a few table calls. */
const STEP = { memory: 1024, timeout: 30 } as const;
/** A step that also talks to a gateway and retries it. */
const OUTSIDE_STEP = { memory: 1024, timeout: 120 } as const;

const resource = (path: string): HttpPath => ({ path, below: true, open: false });

/**
 * Every Lambda function of Sluice, declared once: the bundler reads the entries, the stack the rest, and tests compare
 * the grants with the calls that functions really make. Adding a function is one entry here.
 */
export const FUNCTIONS = [
  {
    name: 'promotions',
    entry: 'http/promotions.ts',
    description: 'Promotions: request, decide, execute, read.',
    ...HTTP,
    trigger: { type: 'http', paths: [resource('/api/v1/promotions')] },
    grants: {
      table: {
        actions: ['BatchGetItem', 'GetItem', 'Query', 'DeleteItem', 'PutItem', 'UpdateItem'],
        indexes: ['GSI1'],
      },
      publishes: true,
      starts: true,
      wakes: true,
    },
  },
  {
    name: 'evidence',
    entry: 'http/evidence.ts',
    description: 'Evidence: reports of tools, taken in, verified and read.',
    ...HTTP,
    trigger: {
      type: 'http',
      paths: [
        resource('/api/v1/evidence'),
        { path: '/api/v1/promotions/{id}/evidence', below: false, open: false },
      ],
    },
    grants: {
      table: { actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem'] },
      publishes: true,
      starts: true,
      wakes: true,
    },
  },
  {
    name: 'catalog',
    entry: 'http/catalog.ts',
    description: 'Rules, approval policies, environments and gateways.',
    ...HTTP,
    trigger: {
      type: 'http',
      paths: [
        resource('/api/v1/promotions/rules'),
        resource('/api/v1/approval-policies'),
        resource('/api/v1/environments'),
        resource('/api/v1/gateways'),
      ],
    },
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
        indexes: ['GSI1'],
      },
    },
  },
  {
    name: 'config',
    entry: 'http/config.ts',
    description: 'Configs and flags of environments: edit, read, evaluate.',
    ...HTTP,
    trigger: { type: 'http', paths: [resource('/api/v1/config/environments'), resource('/ofrep/v1')] },
    grants: {
      table: {
        actions: ['BatchGetItem', 'BatchWriteItem', 'ConditionCheckItem', 'GetItem', 'Query', 'PutItem'],
      },
    },
  },
  {
    name: 'config-files',
    entry: 'http/config-files.ts',
    description: 'Imports and exports whole environments.',
    ...HTTP,
    trigger: {
      type: 'http',
      paths: [
        { path: '/api/v1/config/environments/{env}/import', below: false, open: false },
        { path: '/api/v1/config/environments/{env}/export', below: false, open: false },
      ],
    },
    grants: {
      table: {
        actions: ['BatchGetItem', 'BatchWriteItem', 'ConditionCheckItem', 'GetItem', 'Query', 'PutItem'],
      },
    },
  },
  {
    name: 'config-promotions',
    entry: 'http/config-promotions.ts',
    description: 'Config promotions: diff, request, decide, roll back, read.',
    ...HTTP,
    trigger: { type: 'http', paths: [resource('/api/v1/config/promotions')] },
    grants: {
      table: {
        actions: ['BatchGetItem', 'GetItem', 'Query', 'DeleteItem', 'PutItem', 'UpdateItem'],
        indexes: ['GSI1'],
      },
      publishes: true,
      starts: true,
      wakes: true,
    },
  },
  {
    name: 'administration',
    entry: 'http/administration.ts',
    description: 'Members, machine principals and tenants.',
    ...HTTP,
    trigger: {
      type: 'http',
      paths: [resource('/api/v1/members'), resource('/api/v1/principals'), resource('/api/v1/tenants')],
    },
    grants: {
      table: {
        actions: ['BatchGetItem', 'GetItem', 'Query', 'DeleteItem', 'PutItem'],
        indexes: ['GSI1'],
        administers: true,
      },
    },
  },
  {
    name: 'audit',
    entry: 'http/audit.ts',
    description: 'The audit: search, denials, signed checkpoints, export.',
    ...HTTP,
    trigger: { type: 'http', paths: [resource('/api/v1/audit')] },
    grants: {
      table: { actions: ['BatchGetItem', 'GetItem', 'Query', 'PutItem'], indexes: ['GSI1'] },
      signs: true,
    },
  },
  {
    name: 'deployments',
    entry: 'http/deployments.ts',
    description: 'Deployment records, metrics and reports of gateways.',
    ...HTTP,
    trigger: {
      type: 'http',
      paths: [resource('/api/v1/deployments'), resource('/api/v1/platform/deployments')],
    },
    grants: {
      table: {
        actions: ['BatchGetItem', 'ConditionCheckItem', 'GetItem', 'Query', 'PutItem', 'UpdateItem'],
        indexes: ['GSI1', 'GSI2'],
      },
      publishes: true,
      starts: true,
      wakes: true,
    },
  },
  {
    name: 'meta',
    entry: 'http/meta.ts',
    description: 'The API description and the health check.',
    ...HTTP,
    trigger: {
      type: 'http',
      paths: [
        { path: '/openapi.json', below: false, open: true },
        { path: '/healthz', below: false, open: true },
      ],
    },
    grants: { table: { actions: ['GetItem'] } },
  },
  {
    name: 'assess',
    entry: 'workflow/assess.ts',
    description: 'State Assess: evaluates policy, gates and approvals.',
    ...STEP,
    trigger: { type: 'state', substitution: 'AssessArn' },
    grants: { table: { actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem'] }, publishes: true },
  },
  {
    name: 'await',
    entry: 'workflow/await.ts',
    description: 'State Await: keeps the task token until someone wakes it.',
    ...STEP,
    trigger: { type: 'state', substitution: 'AwaitArn' },
    grants: { table: { actions: ['GetItem', 'PutItem', 'UpdateItem'] }, wakes: true },
  },
  {
    name: 'execute',
    entry: 'workflow/execute.ts',
    description: 'State Execute: claims the head, acts, swaps the head.',
    ...OUTSIDE_STEP,
    trigger: { type: 'state', substitution: 'ExecuteArn' },
    grants: {
      table: {
        actions: [
          'BatchGetItem',
          'BatchWriteItem',
          'ConditionCheckItem',
          'GetItem',
          'Query',
          'PutItem',
          'UpdateItem',
        ],
      },
      publishes: true,
      secrets: true,
    },
  },
  {
    name: 'execute-and-wait',
    entry: 'workflow/execute-and-wait.ts',
    description: 'State ExecuteAndWait: claims the head, asks a gateway that reports later.',
    ...OUTSIDE_STEP,
    trigger: { type: 'state', substitution: 'ExecuteAndWaitArn' },
    grants: {
      table: { actions: ['ConditionCheckItem', 'GetItem', 'Query', 'PutItem', 'UpdateItem'] },
      publishes: true,
      wakes: true,
      secrets: true,
    },
  },
  {
    name: 'settle',
    entry: 'workflow/settle.ts',
    description: 'State Settle: after a fault, puts back what it can and records why.',
    ...OUTSIDE_STEP,
    trigger: { type: 'state', substitution: 'SettleArn' },
    grants: {
      table: { actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem'] },
      publishes: true,
      secrets: true,
    },
  },
  {
    name: 'auto-promote',
    entry: 'events/auto-promote.ts',
    description: 'Requests the promotions that a new deployment makes due.',
    ...STEP,
    trigger: {
      type: 'bus',
      detailTypePrefixes: ['dev.cdevents.service.', 'dev.cdeventsx.sluice-deployment.'],
    },
    grants: {
      table: { actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem'] },
      publishes: true,
      starts: true,
      wakes: true,
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
    grants: { table: { actions: ['Query'] } },
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
      table: { actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem'], indexes: ['GSI2', 'GSI3'] },
      publishes: true,
      starts: true,
      wakes: true,
      secrets: true,
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
        actions: ['BatchGetItem', 'GetItem', 'Query', 'DeleteItem', 'PutItem', 'UpdateItem'],
        indexes: ['GSI1'],
      },
      publishes: true,
      starts: true,
      wakes: true,
    },
  },
  {
    name: 'garbage',
    entry: 'schedule/garbage.ts',
    description: 'Removes config nodes that nothing refers to any more.',
    // Marks are held in memory: some 100 bytes for each node of a tenant.
    memory: 2048,
    timeout: 900,
    trigger: { type: 'rate', minutes: 1440 },
    grants: {
      table: {
        actions: ['BatchGetItem', 'GetItem', 'Query', 'DeleteItem', 'PutItem'],
        indexes: ['GSI1'],
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
        actions: ['BatchWriteItem', 'ConditionCheckItem', 'GetItem', 'PutItem', 'Query'],
        administers: true,
      },
    },
  },
] as const satisfies readonly FunctionDeclaration[];

export type FunctionName = (typeof FUNCTIONS)[number]['name'];
