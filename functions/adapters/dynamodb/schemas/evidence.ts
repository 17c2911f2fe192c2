import * as z from 'zod/mini';
import type { Evidence } from '../../../domain/gates/evidence.ts';
import type { ProviderAnswer } from '../../../domain/gates/provider.ts';
import { count, digest, facts, maybe, text, texts } from './basics.ts';
import { exactly } from './exactly.ts';
import { actor } from './identity.ts';

export const evidence: z.ZodMiniType<Evidence> = exactly<Evidence>()(
  z.looseObject({
    gate: text,
    format: text,
    subject_digest: digest,
    produced_at: text,
    received_at: text,
    producer: actor,
    result: facts,
    document_digest: digest,
    environments: maybe(texts),
    promotion_id: maybe(text),
  }),
);

export const providerAnswer: z.ZodMiniType<ProviderAnswer> = exactly<ProviderAnswer>()(
  z.looseObject({ number: count, evidence }),
);

export const document = z.looseObject({ text });
