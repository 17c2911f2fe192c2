import * as z from 'zod/mini';
import type { News } from '../../../ports/log-news.ts';
import type { LogHead } from '../../../ports/log-tree.ts';
import { count, digest, maybe, text } from './basics.ts';
import { exactly } from './exactly.ts';
import { slot } from './slot.ts';

const entry = z.looseObject({ chain: text, seq: count, digest });

export const logHead: z.ZodMiniType<LogHead> = exactly<LogHead>()(
  z.looseObject({
    size: count,
    root: text,
    signed: maybe(z.looseObject({ checkpoint: text, public_key: text })),
    batch: maybe(z.array(entry)),
    cosigned: maybe(z.record(text, count)),
    fed_at: maybe(text),
  }),
);

/** What a commit appended to. */
export const news: z.ZodMiniType<Pick<News, 'grown'>> = exactly<Pick<News, 'grown'>>()(
  z.looseObject({ grown: z.array(z.looseObject({ chain: text, seq: count, slot: maybe(slot) })) }),
);
