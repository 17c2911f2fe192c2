import * as z from 'zod/mini';
import { EnvironmentName, Id, Instant } from './fields.ts';
import { resource } from './resource.ts';

/** Gateways: where agents run. */

const driver = z.enum(['record', 'http']);
const status = z.enum(['active', 'inactive']);
const Url = z.string().check(z.minLength(1), z.maxLength(2048));
const SecretRef = z.string().check(z.minLength(1), z.maxLength(512));

/** Absent: a new id, driver `record`, `active`. */
export const NewGateway = z.strictObject({
  id: z.exactOptional(Id),
  environment: EnvironmentName,
  driver: z.exactOptional(driver),
  /** `https`; required by the driver `http`. */
  endpoint: z.exactOptional(Url),
  /** Name of a secret under `sluice/<tenant>/gateway/`; never the secret itself. */
  secret_ref: z.exactOptional(SecretRef),
  /** Id of the machine that may report this gateway's outcomes. */
  principal: z.exactOptional(Id),
  status: z.exactOptional(status),
});
export type NewGateway = z.infer<typeof NewGateway>;

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

/** A gateway does not move to another environment: heads name both. */
export const gateways = resource({
  governs: true,
  tag: 'gateways',
  words: 'a gateway',
  path: '/api/v1/gateways',
  key: 'id',
  operations: {
    create: 'createGateway',
    list: 'listGateways',
    get: 'getGateway',
    replace: 'updateGateway',
    remove: 'deleteGateway',
  },
  body: NewGateway,
  fixed: ['id'],
  view: GatewayView,
  errors: ['unknown_environment', 'reserved_name'],
  removal: ['in_use'],
});
