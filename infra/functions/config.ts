import type { FunctionDeclaration, OpenPath } from '../declaration.ts';
import { DRIVES } from './drives.ts';
import { below, HTTP, resource } from './http.ts';

const BY_KEY: OpenPath = {
  methods: ['POST', 'OPTIONS'],
  pages: true,
  reason:
    'The function checks a flag key, which no authorizer knows, or an access token; a preflight carries neither.',
};

/** Functions that answer requests about configuration and flags. */
export const CONFIG_FUNCTIONS = [
  {
    name: 'config',
    entry: 'http/config.ts',
    description: 'Configs and flags of environments: edit and read.',
    ...HTTP,
    trigger: { type: 'http', paths: [below('/api/v1/config')] },
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
    name: 'configuration',
    entry: 'http/configuration.ts',
    description: 'The configuration of artifacts as one document.',
    ...HTTP,
    trigger: { type: 'http', paths: [{ path: '/api/v1/configuration', below: false, open: false }] },
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
    name: 'flags',
    entry: 'http/flags.ts',
    description: 'Evaluates flags for OpenFeature clients.',
    ...HTTP,
    trigger: {
      type: 'http',
      paths: [
        // Machines are known to the gateway by their signature; people's clients by what the function checks.
        below('/ofrep'),
        { path: '/ofrep/v1/evaluate', below: 'only', open: BY_KEY },
      ],
    },
    grants: {
      table: { actions: ['BatchGetItem', 'GetItem', 'Query', 'PutItem', 'UpdateItem'] },
      identifies: true,
      streams: true,
    },
  },
  {
    name: 'flag-stream',
    entry: 'http/flag-stream.ts',
    description: 'Tells OpenFeature clients at once that flags changed.',
    // Each open stream holds one function for all its life: as little memory as there is, and its end well before the time-out.
    memory: 128,
    timeout: 300,
    trigger: { type: 'stream' },
    grants: { table: { actions: ['GetItem', 'PutItem', 'UpdateItem'] } },
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
] as const satisfies readonly FunctionDeclaration[];
