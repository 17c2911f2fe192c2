import type { FunctionDeclaration, HttpPath, OpenPath } from '../declaration.ts';
import { DRIVES } from './drives.ts';

/** Below the 30 s after which an HTTP API gives up; a commit gives up after 20 s and answers 503 itself. */
export const HTTP = { memory: 1024, timeout: 28 } as const;

const resource = (path: string): HttpPath => ({ path, below: true, open: false });

const ABOUT: OpenPath = {
  methods: ['GET'],
  pages: false,
  reason: 'Says nothing about any tenant: what the API is and whether it is up.',
};

/** Functions that answer requests, one per group of resources. */
export const HTTP_FUNCTIONS = [
  {
    name: 'promotions',
    entry: 'http/promotions.ts',
    description: 'Promotions: request, decide, execute, read.',
    ...HTTP,
    trigger: { type: 'http', paths: [resource('/api/v1/promotions')] },
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
        indexes: ['GSI1', 'GSI4'],
      },
      ...DRIVES,
      schedules: true,
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
      },
      ...DRIVES,
      schedules: true,
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
        indexes: ['GSI1', 'GSI4'],
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
        { path: '/api/v1/config/environments/{env}/import', below: true, open: false },
        { path: '/api/v1/config/environments/{env}/export', below: false, open: false },
      ],
    },
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
        actions: [
          'BatchGetItem',
          'ConditionCheckItem',
          'GetItem',
          'Query',
          'DeleteItem',
          'PutItem',
          'UpdateItem',
        ],
        indexes: ['GSI1', 'GSI4'],
      },
      ...DRIVES,
      schedules: true,
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
      table: { actions: ['BatchGetItem', 'GetItem', 'Query', 'PutItem'], indexes: ['GSI1', 'GSI4'] },
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
        actions: [
          'BatchGetItem',
          'ConditionCheckItem',
          'GetItem',
          'Query',
          'DeleteItem',
          'PutItem',
          'UpdateItem',
        ],
        indexes: ['GSI1', 'GSI2'],
      },
      ...DRIVES,
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
        { path: '/openapi.json', below: false, open: ABOUT },
        { path: '/healthz', below: false, open: ABOUT },
        { path: '/problems/{code}', below: false, open: ABOUT },
      ],
    },
    grants: { table: { actions: ['GetItem', 'Query'] } },
  },
] as const satisfies readonly FunctionDeclaration[];
