import type { FunctionDeclaration, HttpPath } from '../declaration.ts';
import { DRIVES } from './drives.ts';
import { HTTP } from './http.ts';

const page = (path: string, reason: string): HttpPath => ({
  path,
  below: false,
  open: { pages: true, reason },
});

/** Functions that answer browsers with pages. */
export const PAGE_FUNCTIONS = [
  {
    name: 'web',
    entry: 'http/web.ts',
    description: 'The dashboard: its files, and who is signed in to it.',
    site: true,
    ...HTTP,
    trigger: {
      type: 'http',
      paths: [
        page('/', 'The empty page and its script: they say nothing about any tenant.'),
        page(
          '/web/{page+}',
          'As `/`: every address of the dashboard is the same empty page. `/web/session` says who is signed in by the cookie that the request itself carries.',
        ),
      ],
    },
    grants: { table: { actions: ['GetItem', 'Query'], indexes: [] }, links: true },
  },
  {
    name: 'approvals',
    entry: 'http/approvals.ts',
    description: 'Pages of approval links: what is asked, and the decision.',
    ...HTTP,
    trigger: {
      type: 'http',
      paths: [
        page(
          '/approvals/{token}',
          'Reading takes the link, which only its approver was sent; deciding takes a session or a token, checked by the function.',
        ),
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
        opens: ['LINK#*'],
      },
      ...DRIVES,
      schedules: true,
      links: true,
      identifies: true,
    },
  },
  {
    name: 'sign-in',
    entry: 'http/sign-in.ts',
    description: 'Signs people in to the pages, and out.',
    ...HTTP,
    trigger: {
      type: 'http',
      paths: [
        page('/sign-in', 'Who has no identity yet comes here to get one.'),
        page(
          '/sign-in/{step+}',
          'The identity provider sends browsers here, and the code proves who; programs ask how to sign people in before anyone is.',
        ),
        page('/sign-out', 'Ends the session that the request itself names.'),
      ],
    },
    grants: {
      table: { actions: ['GetItem', 'Query', 'DeleteItem', 'PutItem'], opens: ['SESSION#*'] },
      links: true,
      identifies: true,
    },
  },
] as const satisfies readonly FunctionDeclaration[];
