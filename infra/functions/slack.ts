import type { FunctionDeclaration, HttpPath } from '../declaration.ts';
import { DRIVES } from './drives.ts';
import { HTTP } from './http.ts';

const LINK: HttpPath = {
  path: '/slack/link/{token}',
  below: false,
  open: {
    pages: true,
    reason: 'A page: the session of a browser says who asks, and nothing is linked without one.',
  },
};

/** Functions that Slack calls, and that act for people there. */
export const SLACK_FUNCTIONS = [
  {
    name: 'slack',
    entry: 'http/slack.ts',
    description: 'Takes what people do in Slack: verifies who signed it, opens forms, queues the rest.',
    memory: 1024,
    // Slack gives up after 3 s.
    timeout: 10,
    trigger: {
      type: 'http',
      paths: [
        {
          path: '/slack/interactions',
          below: false,
          open: {
            pages: true,
            reason:
              'Slack calls it: the signature of the body is verified before anything in it is believed.',
          },
        },
      ],
    },
    grants: { table: { actions: ['GetItem', 'Query'] }, secrets: ['slack'], sends: ['slack-actions'] },
  },
  {
    name: 'slack-links',
    entry: 'http/slack-links.ts',
    description: 'Lets members say who they are in Slack, and take it back.',
    ...HTTP,
    trigger: {
      type: 'http',
      paths: [LINK, { path: '/api/v1/slack-links', below: true, open: false }],
    },
    grants: {
      table: {
        actions: ['GetItem', 'Query', 'DeleteItem', 'PutItem'],
        opens: ['SLACK#*', 'SLACKMEMBER#*', 'SLACKINVITE#*'],
      },
      links: true,
    },
  },
  {
    name: 'slack-act',
    entry: 'queues/slack-act.ts',
    description: 'Does what people decided in Slack, as the members they are linked to.',
    memory: 1024,
    timeout: 60,
    trigger: {
      type: 'queue',
      queue: 'slack-actions',
      batch: 5,
      concurrency: 10,
      impact: 'decisions that people made in Slack were not processed; users saw no reply.',
    },
    grants: {
      table: {
        actions: [
          'ConditionCheckItem',
          'BatchGetItem',
          'GetItem',
          'Query',
          'DeleteItem',
          'PutItem',
          'UpdateItem',
        ],
        opens: ['SLACKINVITE#*'],
      },
      ...DRIVES,
      secrets: ['slack'],
      links: true,
    },
  },
] as const satisfies readonly FunctionDeclaration[];
