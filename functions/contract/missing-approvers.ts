import * as z from 'zod/mini';

/** Approvals that nobody can give: `available` people could, of `required`; of one group, or of anybody. */
export const MissingApprovers = z.strictObject({
  group: z.nullable(z.string()),
  required: z.int(),
  available: z.int(),
  detail: z.string(),
});
