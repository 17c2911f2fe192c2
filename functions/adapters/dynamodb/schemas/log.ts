import * as z from 'zod/mini';
import type { LogHead } from '../../../ports/log-tree.ts';
import { count, digest, maybe, text } from './basics.ts';
import { exactly } from './exactly.ts';

const entry = z.looseObject({ chain: text, seq: count, digest });

export const logHead: z.ZodMiniType<LogHead> = exactly<LogHead>()(
  z.looseObject({
    size: count,
    root: text,
    signed: maybe(z.looseObject({ checkpoint: text, public_key: text })),
    batch: maybe(z.array(entry)),
    cosigned: maybe(z.record(text, count)),
  }),
);
