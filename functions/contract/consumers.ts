import * as z from 'zod/mini';
import { EMPTY, endpoint } from './endpoint.ts';
import { EnvironmentName, Id, Instant, Line } from './fields.ts';
import { resource } from './resource.ts';

/** Consumers: who uses an artifact where, and which versions of it. */

const ConstraintText = z.string().check(z.minLength(1), z.maxLength(256));

export const NewConsumer = z.strictObject({
  id: z.exactOptional(Id),
  name: Line,
  environment: EnvironmentName,
  /** Name of an artifact; a version of it need not be published yet. */
  artifact: z.string().check(z.minLength(1), z.maxLength(128)),
  /** `1.2.3`, `^1.2.0`, `~1.2.0`, `>=1.2.0, <2.0.0`, `v1.2.*`, or `latest-prod`, which moves with every promotion. */
  constraint: ConstraintText,
});
export type NewConsumer = z.infer<typeof NewConsumer>;

export const ConsumerView = z.strictObject({
  id: z.string(),
  organization_id: z.string(),
  name: z.string(),
  environment: z.string(),
  artifact: z.string(),
  constraint: z.string(),
  /** Why the constraint is not recommended. */
  warning: z.nullable(z.string()),
  created_at: Instant,
  updated_at: Instant,
  version: z.int(),
});
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
  body: NewConsumer,
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
