import * as z from 'zod/mini';
import { EMPTY, endpoint } from './endpoint.ts';

/** Operations about the API itself: open to anyone, they say nothing about any tenant. */

export const getHealth = endpoint({
  method: 'GET',
  path: '/healthz',
  operation: 'getHealth',
  summary: 'Check API and table health',
  tag: 'meta',
  body: EMPTY,
  query: EMPTY,
  response: z.strictObject({ status: z.literal('ok') }),
  status: [200],
  errors: [],
  open: true,
});

export const getOpenApi = endpoint({
  method: 'GET',
  path: '/openapi.json',
  operation: 'getOpenApi',
  summary: 'Get the OpenAPI 3.1 document',
  tag: 'meta',
  body: EMPTY,
  query: EMPTY,
  response: z.looseObject({ openapi: z.string() }),
  status: [200],
  errors: [],
  open: true,
});

export const openDocs = endpoint({
  method: 'GET',
  path: '/docs',
  operation: 'openDocs',
  summary: 'Open the documentation as pages',
  tag: 'meta',
  body: EMPTY,
  query: EMPTY,
  status: [200],
  page: [],
  errors: [],
  open: true,
});

export const openGuide = endpoint({
  method: 'GET',
  path: '/docs/guides/{guide}',
  operation: 'openGuide',
  summary: 'Open a guide as a page',
  tag: 'meta',
  body: EMPTY,
  query: EMPTY,
  status: [200],
  page: [],
  errors: ['not_found'],
  open: true,
});

export const openDocsGroup = endpoint({
  method: 'GET',
  path: '/docs/{group}',
  operation: 'openDocsGroup',
  summary: 'Open the description of one group of operations as a page',
  tag: 'meta',
  body: EMPTY,
  query: EMPTY,
  status: [200],
  page: [],
  errors: ['not_found'],
  open: true,
});

export const getProblem = endpoint({
  method: 'GET',
  path: '/problems/{code}',
  operation: 'getProblem',
  summary: 'Explain a problem code',
  tag: 'meta',
  body: EMPTY,
  query: EMPTY,
  response: z.strictObject({
    type: z.string(),
    code: z.string(),
    title: z.string(),
    status: z.int(),
    meaning: z.string(),
  }),
  status: [200],
  errors: [],
  open: true,
});
