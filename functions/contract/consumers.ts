import * as z from 'zod/mini';
import { consumer } from '../domain/artifact/consumer.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { resource } from './resource.ts';

/** Consumers: who uses an artifact where, and which versions of it. */

export const ConsumerView = consumer.view;
export type ConsumerView = z.infer<typeof ConsumerView>;

export const consumers = resource({
  tag: 'consumers',
  words: 'a consumer',
  path: '/api/v1/consumers',
  key: 'id',
  operations: {
    create: 'createConsumer',
    list: 'listConsumers',
    get: 'getConsumer',
    replace: 'updateConsumer',
    remove: 'deleteConsumer',
  },
  body: consumer.body,
  fixed: ['id'],
  view: ConsumerView,
  errors: ['unknown_environment', 'reserved_name'],
});

export const listAvailableUpdates = endpoint({
  method: 'GET',
  path: '/api/v1/consumers/{id}/available-updates',
  operation: 'listAvailableUpdates',
  summary: 'Compares a consumer with what is published',
  tag: 'consumers',
  body: EMPTY,
  query: EMPTY,
  response: z.strictObject({
    consumer: ConsumerView,
    /** Whether the environment has received a version that the constraint takes. */
    status: z.enum(['satisfied', 'unsatisfied', 'invalid']),
    /** Why it has not. */
    reason: z.nullable(z.string()),
    /** The version that the consumer takes there now. */
    takes: z.nullable(z.string()),
    /** The version that is active in its environment. */
    active: z.nullable(z.string()),
    /** Published versions above, lowest first: `allowed` ones arrive with a promotion, others when the constraint is changed. */
    updates: z.array(
      z.strictObject({
        version: z.string(),
        allowed: z.boolean(),
        change: z.enum(['major', 'minor', 'patch', 'prerelease']),
      }),
    ),
  }),
  status: [200],
  errors: [],
});
