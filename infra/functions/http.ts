import { ELSE, type FunctionDeclaration, type HttpPath, type OpenPath } from '../declaration.ts';
import { DRIVES } from './drives.ts';

/** Below the 30 s after which an HTTP API gives up; a commit gives up after 20 s and answers 503 itself. */
export const HTTP = { memory: 1024, timeout: 28 } as const;

/** A path of the API and all below it. */
export const resource = (path: string): HttpPath => ({ path, below: true, open: false });

/** All below a path that no longer one is declared for. */
export const below = (path: string): HttpPath => ({ path, below: 'only', open: false });

const ABOUT: OpenPath = {
  pages: false,
  reason:
    'Says nothing about any tenant: what the API is, whether it is up, that there is nothing, or where a path stands without its last slash.',
};

/** Functions that answer requests, one per group of resources. */
export const HTTP_FUNCTIONS = [
  {
    name: 'promotions',
    entry: 'http/promotions.ts',
    description: 'Promotions: request, decide, execute, read.',
    ...HTTP,
    trigger: {
      type: 'http',
      paths: [
        resource('/api/v1/promotions'),
        { path: '/api/v1/artifacts/{name}/rollback', below: false, open: false },
        { path: '/api/v1/platform/deployments/tag/{imageTag}/rollback', below: false, open: false },
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
        indexes: ['GSI1', 'GSI2', 'GSI4'],
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
        { path: '/api/v1/config/promotions/{id}/evidence', below: false, open: false },
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
      secrets: ['registry'],
    },
  },
  {
    name: 'catalog',
    entry: 'http/catalog.ts',
    description:
      'What an admin keeps: members, machines, tenants, rules, policies, environments, gateways, registries.',
    ...HTTP,
    trigger: {
      type: 'http',
      paths: [
        // And what no other function serves: it answers that there is nothing.
        below('/api/v1'),
        resource('/api/v1/promotions/rules'),
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
        administers: true,
      },
    },
  },
  {
    name: 'artifacts',
    entry: 'http/artifacts.ts',
    description: 'Artifacts: publish, list and resolve versions; their consumers.',
    ...HTTP,
    trigger: { type: 'http', paths: [below('/api/v1/artifacts'), resource('/api/v1/consumers')] },
    grants: {
      table: {
        actions: [
          'BatchGetItem',
          'ConditionCheckItem',
          'DeleteItem',
          'GetItem',
          'Query',
          'PutItem',
          'UpdateItem',
        ],
        indexes: ['GSI1', 'GSI4'],
      },
      publishes: true,
      secrets: ['registry'],
    },
  },
  {
    name: 'audit',
    entry: 'http/audit.ts',
    description: 'The audit: search, denials, signed checkpoints, export, proofs.',
    ...HTTP,
    trigger: {
      type: 'http',
      paths: [
        resource('/api/v1/audit'),
        { path: '/api/v1/promotions/{id}/proof', below: false, open: false },
      ],
    },
    grants: {
      table: { actions: ['BatchGetItem', 'GetItem', 'Query', 'PutItem'], indexes: ['GSI1', 'GSI4'] },
      signs: true,
      shows_key: true,
      log: 'reads',
    },
  },
  {
    name: 'deployments',
    entry: 'http/deployments.ts',
    description: 'Deployment records, reports of gateways, and deployments in numbers.',
    ...HTTP,
    trigger: {
      type: 'http',
      paths: [
        resource('/api/v1/deployments'),
        below('/api/v1/platform'),
        { path: '/api/v1/observations/{environment}/{kind}/{name}', below: false, open: false },
        {
          path: '/metrics',
          below: false,
          open: {
            pages: true,
            reason: 'The function checks a key of type scrape, which no authorizer knows.',
          },
        },
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
        indexes: ['GSI1', 'GSI2', 'GSI4'],
      },
      ...DRIVES,
    },
  },
  {
    name: 'overview',
    entry: 'http/overview.ts',
    description: 'What runs where, what moves, and what waits for somebody.',
    ...HTTP,
    trigger: { type: 'http', paths: [{ path: '/api/v1/overview', below: false, open: false }] },
    grants: {
      table: { actions: ['BatchGetItem', 'GetItem', 'Query'], indexes: ['GSI4'] },
    },
  },
  {
    name: 'meta',
    entry: 'http/meta.ts',
    description:
      'The guides and the API description as pages, the description as a document, and the health check.',
    guides: true,
    ...HTTP,
    trigger: {
      type: 'http',
      paths: [
        // `/openapi.json`, `/docs`, `/healthz`, `/problems/…`, and what is nothing.
        { path: ELSE, below: false, open: ABOUT },
      ],
    },
    grants: { table: { actions: ['GetItem', 'Query'] } },
  },
] as const satisfies readonly FunctionDeclaration[];
