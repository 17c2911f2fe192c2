import * as z from 'zod/mini';
import { consumer } from '../domain/artifact/consumer.ts';
import { retention, VERIFICATIONS } from '../domain/artifact/settings.ts';
import { policy } from '../domain/catalog/approval-policy.ts';
import { REGISTRY_TYPES } from '../domain/catalog/registry.ts';
import { EMail, EnvironmentName, Id, Line, Text } from '../domain/fields.ts';
import { EMPTY, endpoint } from './endpoint.ts';

/** The configuration of a tenant's artifacts as one document, JSON or YAML. */

const Registries = z.record(
  Id,
  z.strictObject({ type: z.enum(REGISTRY_TYPES), url: z.string().check(z.minLength(1), z.maxLength(2048)) }),
);

const Slack = z.strictObject({
  /** `${NAME}`: the secret `sluice/<tenant>/slack/<NAME>`, which holds the address. Never the address itself. */
  webhook: z.string().check(z.regex(/^\$\{[A-Za-z0-9_.@+=-]{1,128}\}$/)),
  /** Names for people: an incoming webhook posts to the channel that it was made for. */
  channels: z.exactOptional(z.array(z.string().check(z.regex(/^#?[^\s#]{1,80}$/))).check(z.maxLength(5))),
});

const Pin = z.strictObject({
  name: Line,
  environment: EnvironmentName,
  artifact: consumer.body.shape.artifact,
  constraint: consumer.body.shape.constraint,
});

export const ConfigurationDocument = z.strictObject({
  artifacts: z.exactOptional(
    z.strictObject({
      /** `primary`, and any other names for secondary ones. */
      registry: z.exactOptional(Registries),
      promotion: z.exactOptional(
        z.strictObject({
          /** Per environment: which gates judge artifacts. What is absent is off, but `security_scan` brings `signature`. */
          gates: z.exactOptional(z.record(EnvironmentName, z.record(Id, z.boolean()))),
          notifications: z.exactOptional(
            z.strictObject({
              slack: z.exactOptional(Slack),
              email: z.exactOptional(
                z.strictObject({ recipients: z.array(EMail).check(z.minLength(1), z.maxLength(50)) }),
              ),
            }),
          ),
          cross_registry_sync: z.exactOptional(z.boolean()),
          verification: z.exactOptional(z.enum(VERIFICATIONS)),
        }),
      ),
    }),
  ),
  'x-sluice': z.exactOptional(
    z.strictObject({
      approvals: z.exactOptional(z.array(policy.body).check(z.maxLength(100))),
      retention: z.exactOptional(retention),
      pins: z.exactOptional(z.array(Pin).check(z.maxLength(500))),
    }),
  ),
});
export type ConfigurationDocument = z.infer<typeof ConfigurationDocument>;

const path = '/api/v1/configuration';

export const getConfiguration = endpoint({
  method: 'GET',
  path,
  operation: 'getConfiguration',
  summary: 'Exports the configuration of artifacts',
  tag: 'configuration',
  body: EMPTY,
  query: EMPTY,
  response: z.record(z.string(), z.unknown()),
  status: [200],
  errors: [],
});

export const putConfiguration = endpoint({
  method: 'PUT',
  path,
  operation: 'putConfiguration',
  summary: 'Applies a configuration of artifacts',
  tag: 'configuration',
  body: ConfigurationDocument,
  query: z.strictObject({
    /** Says what would change, and changes nothing. */
    dry_run: z.exactOptional(z.enum(['true', 'false'])),
    /** Why; a change that weakens what governs promotions takes it. */
    reason: z.exactOptional(Text),
  }),
  response: z.strictObject({
    dry_run: z.boolean(),
    /** What was, or would be, changed: members by their path, lists as a whole; `null` is not there. */
    changes: z.array(z.strictObject({ path: z.string(), before: z.unknown(), after: z.unknown() })),
    /** Changes among these that weaken a protected environment, and wait for a second admin. */
    pending_changes: z.array(z.string()),
    warnings: z.array(z.string()),
  }),
  status: [200],
  errors: ['unknown_environment', 'reserved_name', 'in_use', 'limit_reached', 'conflict'],
  yaml: true,
  max_body: 256 * 1024,
});
