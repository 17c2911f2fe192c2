import * as z from 'zod/mini';
import { consumer } from '../../../domain/artifact/consumer.ts';
import { artifactSettings } from '../../../domain/artifact/settings.ts';
import { policy } from '../../../domain/catalog/approval-policy.ts';
import { type Environment, ON_FAILURE } from '../../../domain/catalog/environment.ts';
import { gateway } from '../../../domain/catalog/gateway.ts';
import { registry } from '../../../domain/catalog/registry.ts';
import { rule } from '../../../domain/catalog/rule.ts';
import { ConditionForm } from '../../../domain/conditions/condition-form.ts';
import { flagKey } from '../../../domain/flags/flag-key.ts';
import { freeze } from '../../../domain/freeze/freeze.ts';
import { KINDS } from '../../../domain/subject.ts';
import type { Nouns } from '../../../ports/catalog-store.ts';
import { decodeBody } from '../body.ts';
import { type Item, integer } from '../item.ts';
import { count, digest, flag, maybe, text, texts } from './basics.ts';
import { pendingChange } from './change.ts';
import { exactly } from './exactly.ts';
import { channel } from './notification.ts';

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
  thresholds: maybe(ConditionForm),
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
        thresholds: maybe(ConditionForm),
        producers: maybe(texts),
      }),
    ),
    artifact_repository: maybe(z.looseObject({ registry: maybe(text), repository: maybe(text) })),
    lock: maybe(lock),
    tenant_lock: maybe(lock),
    incarnation: maybe(count),
    version: count,
    guard: count,
    created_at: text,
    updated_at: text,
  }),
);

/** How an item of each noun is read back. */
export const DECODED: { readonly [N in keyof Nouns]: (found: Item) => Nouns[N] } = {
  // The guard is the item's own attribute: writes of rules raise it without reading the environment.
  environment: (found) => ({ ...decodeBody(found, environment), guard: integer(found, 'guard') }),
  rule: (found) => decodeBody(found, rule.stored),
  policy: (found) => decodeBody(found, policy.stored),
  gateway: (found) => decodeBody(found, gateway.stored),
  registry: (found) => decodeBody(found, registry.stored),
  consumer: (found) => decodeBody(found, consumer.stored),
  artifact_settings: (found) => decodeBody(found, artifactSettings.stored),
  flag_key: (found) => decodeBody(found, flagKey.stored),
  channel: (found) => decodeBody(found, channel),
  freeze: (found) => decodeBody(found, freeze.stored),
  pending_change: (found) => decodeBody(found, pendingChange),
};
