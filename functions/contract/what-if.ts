import * as z from 'zod/mini';
import { Instant } from '../domain/fields.ts';
import { KINDS } from '../domain/subject.ts';

/** What another policy or another environment would have made of the promotions of the last 90 days. */
export const WhatIfView = z.strictObject({
  as_of: Instant,
  since: Instant,
  /** Promotions on this page that executed and were judged again. */
  replayed: z.int(),
  /** Of these, what governs now refuses already: nothing that was asked about changes them. */
  already_refused: z.int(),
  /** What the change itself refuses. `undecided`: what it asks was not recorded then. */
  items: z.array(
    z.strictObject({
      promotion_id: z.string(),
      kind: z.enum(KINDS),
      name: z.string(),
      source_environment: z.string(),
      target_environment: z.string(),
      executed_at: Instant,
      outcome: z.enum(['refused', 'undecided']),
      reason_codes: z.array(z.string()),
    }),
  ),
  next_cursor: z.nullable(z.string()),
});
export type WhatIfView = z.infer<typeof WhatIfView>;
