import * as z from 'zod/mini';
import { DEPLOYMENT_STATUSES, type Deployment } from '../../../domain/deployment/deployment.ts';
import { type Head, KINDS, type Revision } from '../../../domain/subject.ts';
import { count, digest, digestOrNull, facts, flag, maybe, text, texts } from './basics.ts';
import { exactly } from './exactly.ts';
import { actor } from './identity.ts';

export const subject = z.looseObject({ kind: z.enum(KINDS), name: text });

export const slot = z.looseObject({
  subject,
  environment: text,
  gateway: maybe(text),
  incarnation: maybe(count),
});

export const head: z.ZodMiniType<Head> = exactly<Head>()(
  z.looseObject({
    slot,
    version: count,
    revision: count,
    digest: digestOrNull,
    deployment_id: maybe(text),
    version_label: maybe(text),
    chain: digestOrNull,
    claim: maybe(z.looseObject({ promotion: text, fence: count, at: text })),
    received: maybe(z.looseObject({ environment: text, revision: count })),
    began: maybe(count),
    updated_at: text,
  }),
);

export const changeSummary = z.looseObject({ added: count, modified: count, removed: count, keys: texts });

export const revision: z.ZodMiniType<Revision> = exactly<Revision>()(
  z.looseObject({
    slot,
    number: count,
    digest: digestOrNull,
    previous: digestOrNull,
    cause: z.discriminatedUnion('by', [
      z.looseObject({ by: z.literal('execute'), promotion_id: text }),
      z.looseObject({ by: z.literal('record'), deployment_id: text }),
      z.looseObject({ by: z.literal('edit'), reason: maybe(text) }),
    ]),
    actor: z.looseObject({
      subject: text,
      kind: z.enum(['person', 'machine', 'system']),
      email: z.exactOptional(text),
      owner: z.exactOptional(text),
    }),
    at: text,
    deployment_id: maybe(text),
    changes: maybe(changeSummary),
    prev: digestOrNull,
  }),
);

export const deployment: z.ZodMiniType<Deployment> = exactly<Deployment>()(
  z.looseObject({
    id: text,
    subject,
    digest,
    environment: text,
    incarnation: maybe(count),
    environment_alias: maybe(text),
    gateway_id: maybe(text),
    version_label: maybe(text),
    status: z.enum(DEPLOYMENT_STATUSES),
    deployed_at: text,
    completed_at: maybe(text),
    live_at: maybe(text),
    resumed_at: maybe(text),
    failed_at: maybe(text),
    ended_at: maybe(text),
    recorded: flag,
    recorded_by: actor,
    reported_by: maybe(actor),
    promotion_id: maybe(text),
    brings_back: maybe(text),
    failure: maybe(text),
    attempts: maybe(z.looseObject({ begun: count, unsent: count })),
    metrics: facts,
    details: facts,
    record: maybe(
      z.looseObject({
        payload: digest,
        key_id: text,
        signature: text,
        places: z.array(
          z.looseObject({
            registry: text,
            repository: text,
            status: z.enum(['attached', 'pending', 'gone']),
            referrer: maybe(digest),
            error: maybe(text),
          }),
        ),
      }),
    ),
    counted: maybe(
      z.looseObject({
        status: z.enum(['DEPLOYED', 'FAILED', 'ROLLED_BACK']),
        live: flag,
        duration: maybe(count),
        lead: maybe(count),
        unplanned: maybe(flag),
        recoveries: z.array(count),
      }),
    ),
    created_at: text,
    version: count,
  }),
);
