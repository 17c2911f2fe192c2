import * as z from 'zod/mini';
import { consumer } from '../../../domain/artifact/consumer.ts';
import {
  ARTIFACT_SETTINGS,
  type ArtifactSettings,
  VERIFICATIONS,
} from '../../../domain/artifact/settings.ts';
import type { ApprovalPolicy } from '../../../domain/catalog/approval-policy.ts';
import { type Environment, ON_FAILURE } from '../../../domain/catalog/environment.ts';
import { gateway } from '../../../domain/catalog/gateway.ts';
import { registry } from '../../../domain/catalog/registry.ts';
import type { Rule } from '../../../domain/catalog/rule.ts';
import { FLAG_KEY_TYPES, type FlagKey } from '../../../domain/flags/flag-key.ts';
import { freeze } from '../../../domain/freeze/freeze.ts';
import { KINDS } from '../../../domain/subject.ts';
import type { Nouns } from '../../../ports/catalog-store.ts';
import { decodeBody } from '../body.ts';
import { type Item, integer } from '../item.ts';
import { condition, count, digest, flag, maybe, text, texts } from './basics.ts';
import { pendingChange } from './change.ts';
import { exactly } from './exactly.ts';
import { channel } from './notification.ts';

const state = z.enum(['active', 'inactive']);

export const separation = z.looseObject({
  requester: flag,
  author: flag,
  previous_promoter: flag,
  evidence_producer: flag,
});

export const groupQuotas = z.array(z.looseObject({ group: text, min: count }));

export const gateSetting = z.looseObject({
  name: text,
  mode: z.enum(['block', 'warn']),
  applies_to: z.array(z.enum(KINDS)),
  format: maybe(text),
  max_age: maybe(text),
  thresholds: maybe(condition),
  producers: maybe(texts),
  signers: maybe(z.array(z.looseObject({ identity: text, issuer: text, trusted_root: digest }))),
  provider: maybe(
    z.union([
      z.looseObject({ type: z.literal('http'), url: text, secret_ref: text }),
      z.looseObject({
        type: z.literal('registry'),
        public_keys: maybe(z.array(text)),
        trusted_root_ref: maybe(text),
        children: maybe(z.boolean()),
      }),
    ]),
  ),
  timeout_seconds: maybe(z.number()),
});

const lock = z.looseObject({ reason: text, by: text, at: text });

export const environment: z.ZodMiniType<Environment> = exactly<Environment>()(
  z.looseObject({
    name: text,
    aliases: texts,
    rank: z.number(),
    protected: flag,
    tag_suffix: text,
    gates: z.array(gateSetting),
    owned_keys: texts,
    rollback: maybe(z.looseObject({ requires_approval: flag })),
    verification: maybe(
      z.looseObject({
        gate: text,
        within: text,
        on_failure: z.enum(ON_FAILURE),
        format: maybe(text),
        thresholds: maybe(condition),
        producers: maybe(texts),
      }),
    ),
    artifact_repository: maybe(z.looseObject({ registry: maybe(text), repository: maybe(text) })),
    lock: maybe(lock),
    tenant_lock: maybe(lock),
    version: count,
    guard: count,
    created_at: text,
    updated_at: text,
  }),
);

export const rule: z.ZodMiniType<Rule> = exactly<Rule>()(
  z.looseObject({
    id: text,
    name: text,
    source_environment: text,
    target_environment: text,
    requires_approval: flag,
    auto_promote: flag,
    required_approvers: count,
    conditions: z.nullable(condition),
    target_gateway_id: maybe(text),
    status: state,
    version: count,
    created_at: text,
    updated_at: text,
  }),
);

export const policy: z.ZodMiniType<ApprovalPolicy> = exactly<ApprovalPolicy>()(
  z.looseObject({
    id: text,
    name: text,
    environments: texts,
    required_approvers: count,
    groups: groupQuotas,
    separation_of_duties: separation,
    expires_after: text,
    require_comment: flag,
    link_only: maybe(z.literal(true)),
    version: count,
    created_at: text,
    updated_at: text,
  }),
);

export const artifactSettings: z.ZodMiniType<ArtifactSettings> = exactly<ArtifactSettings>()(
  z.looseObject({
    id: z.literal(ARTIFACT_SETTINGS),
    cross_registry_sync: z.boolean(),
    verification: z.enum(VERIFICATIONS),
    retention: maybe(z.looseObject({ keep_versions: count, keep_days: count, protected: z.array(text) })),
    version: count,
    created_at: text,
    updated_at: text,
  }),
);

export const flagKey: z.ZodMiniType<FlagKey> = exactly<FlagKey>()(
  z.looseObject({
    id: text,
    name: text,
    environment: text,
    type: z.enum(FLAG_KEY_TYPES),
    allowed_origins: texts,
    secret_digest: digest,
    version: count,
    created_at: text,
    updated_at: text,
  }),
);

/** How an item of each noun is read back. */
export const DECODED: { readonly [N in keyof Nouns]: (found: Item) => Nouns[N] } = {
  // The guard is the item's own attribute: writes of rules raise it without reading the environment.
  environment: (found) => ({ ...decodeBody(found, environment), guard: integer(found, 'guard') }),
  rule: (found) => decodeBody(found, rule),
  policy: (found) => decodeBody(found, policy),
  gateway: (found) => decodeBody(found, gateway.stored),
  registry: (found) => decodeBody(found, registry.stored),
  consumer: (found) => decodeBody(found, consumer.stored),
  artifact_settings: (found) => decodeBody(found, artifactSettings),
  flag_key: (found) => decodeBody(found, flagKey),
  channel: (found) => decodeBody(found, channel),
  freeze: (found) => decodeBody(found, freeze.stored),
  pending_change: (found) => decodeBody(found, pendingChange),
};
