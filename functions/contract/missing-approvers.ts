import * as z from 'zod/mini';

/** Approvals that nobody can give: `available` people could, of `required`; of one group, or of anybody. */
export const MissingApprovers = z.strictObject({
  group: z
    .nullable(z.string())
    .check(z.describe('The group that is short of approvers; `null`: all approvers.')),
  required: z.int().check(z.describe('How many approvals are asked for.')),
  available: z.int().check(z.describe('How many could be given.')),
  detail: z.string().check(z.describe('The same in words.')),
});
