import * as z from 'zod/mini';
import type { Observation } from '../../../domain/deployment/observation.ts';
import { count, flag, maybe, text } from './basics.ts';
import { exactly } from './exactly.ts';
import { slot } from './slot.ts';

export const observation: z.ZodMiniType<Observation> = exactly<Observation>()(
  z.looseObject({
    slot,
    content: z.looseObject({ as: z.enum(['digest', 'image_tag', 'root']), value: text }),
    observed_at: text,
    changed_at: text,
    received_at: text,
    observed_by: text,
    out_of_band: maybe(z.looseObject({ id: text, recorded: z.nullable(text), since: text, told: flag })),
    version: count,
  }),
);
