import * as z from 'zod/mini';
import { EMPTY, endpoint } from './endpoint.ts';
import { EnvironmentName, Id, Instant, listOf, PAGE } from './fields.ts';

/** Gateways: where agents run. */

const driver = z.enum(['record', 'http']);
const status = z.enum(['active', 'inactive']);
const Url = z.string().check(z.minLength(1), z.maxLength(2048));
const SecretRef = z.string().check(z.minLength(1), z.maxLength(512));

const optional = {
  /** `https`; required by the driver `http`. */
  endpoint: z.exactOptional(z.nullable(Url)),
  /** Name of a secret under `sluice/<tenant>/gateway/`; never the secret itself. */
  secret_ref: z.exactOptional(z.nullable(SecretRef)),
  /** Id of the machine that may report this gateway's outcomes. */
  principal: z.exactOptional(z.nullable(Id)),
  status: z.exactOptional(status),
};

/** Absent: a new id, driver `record`, `active`. */
export const NewGateway = z.strictObject({
  id: z.exactOptional(Id),
  environment: EnvironmentName,
  driver: z.exactOptional(driver),
  ...optional,
});
export type NewGateway = z.infer<typeof NewGateway>;

/** What is absent stays as it is; `null` clears it. A gateway does not move to another environment: heads name both. */
export const GatewayChange = z.strictObject({
  environment: z.exactOptional(EnvironmentName),
  driver: z.exactOptional(driver),
  ...optional,
});
export type GatewayChange = z.infer<typeof GatewayChange>;

export const GatewayView = z.strictObject({
  id: z.string(),
  organization_id: z.string(),
  environment: z.string(),
  driver,
  endpoint: z.nullable(z.string()),
  secret_ref: z.nullable(z.string()),
  principal: z.nullable(z.string()),
  status,
  created_at: Instant,
  updated_at: Instant,
  version: z.int(),
});
export type GatewayView = z.infer<typeof GatewayView>;

const base = { tag: 'gateways', body: EMPTY, query: EMPTY, response: GatewayView } as const;

export const createGateway = endpoint({
  ...base,
  method: 'POST',
  path: '/api/v1/gateways',
  operation: 'createGateway',
  summary: 'Registers a gateway of an environment',
  body: NewGateway,
  status: [201],
  errors: ['unknown_environment', 'conflict', 'reserved_name', 'idempotency_key_reused'],
  idempotent: true,
});

export const listGateways = endpoint({
  ...base,
  method: 'GET',
  path: '/api/v1/gateways',
  operation: 'listGateways',
  summary: 'Lists the gateways',
  query: z.strictObject(PAGE),
  response: listOf(GatewayView),
  status: [200],
  errors: [],
});

export const getGateway = endpoint({
  ...base,
  method: 'GET',
  path: '/api/v1/gateways/{id}',
  operation: 'getGateway',
  summary: 'Reads a gateway; its ETag is its version',
  status: [200],
  errors: [],
});

export const updateGateway = endpoint({
  ...base,
  method: 'PUT',
  path: '/api/v1/gateways/{id}',
  operation: 'updateGateway',
  summary: 'Changes a gateway; what is absent stays as it is',
  body: GatewayChange,
  status: [200],
  errors: ['immutable', 'conflict', 'precondition_failed'],
  if_match: true,
});

export const deleteGateway = endpoint({
  method: 'DELETE',
  path: '/api/v1/gateways/{id}',
  operation: 'deleteGateway',
  summary: 'Deletes a gateway on which nothing runs',
  tag: 'gateways',
  body: EMPTY,
  query: EMPTY,
  status: [204],
  errors: ['in_use', 'conflict', 'precondition_failed'],
  if_match: true,
});
