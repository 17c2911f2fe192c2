import type { FunctionDeclaration } from '../declaration.ts';

/** Functions that tell of promotions, and the settings of where. */
export const NOTIFICATION_FUNCTIONS = [
  {
    name: 'notification-channels',
    entry: 'http/notification-channels.ts',
    description: 'Notification channels: where people and systems hear of promotions.',
    memory: 1024,
    timeout: 28,
    trigger: {
      type: 'http',
      paths: [{ path: '/api/v1/notification-channels', below: true, open: false }],
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
      secrets: ['webhook', 'slack'],
      mails: true,
    },
  },
  {
    name: 'notify',
    entry: 'events/notify.ts',
    description: 'Asks for deliveries to the channels that may hear of an event.',
    memory: 1024,
    timeout: 30,
    trigger: {
      type: 'bus',
      detailTypePrefixes: ['dev.cdeventsx.sluice-promotion.', 'dev.cdeventsx.sluice-environment.'],
      last: true,
    },
    grants: { table: { actions: ['GetItem', 'Query'] }, sends: ['deliveries'], traces: true },
  },
  {
    name: 'deliver',
    entry: 'queues/deliver.ts',
    description:
      'Tells channels what they have not heard of a promotion, and attaches records in registries.',
    memory: 1024,
    // A receiver may take 10 s for each event.
    timeout: 120,
    trigger: {
      type: 'queue',
      queue: 'deliveries',
      batch: 'ordered',
      concurrency: 20,
      impact:
        'people and systems were not told of promotions (GET …/deliveries of each channel says of which), or registries lack signed records (the status of the artifact says which).',
    },
    grants: {
      table: {
        actions: ['BatchGetItem', 'ConditionCheckItem', 'GetItem', 'Query', 'PutItem', 'UpdateItem'],
        opens: ['LINK#*'],
      },
      secrets: ['webhook', 'slack', 'registry'],
      mails: true,
      links: true,
      signs: true,
      traces: true,
    },
  },
] as const satisfies readonly FunctionDeclaration[];
