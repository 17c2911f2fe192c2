import * as z from 'zod/mini';
import { Duration, EnvironmentName, Id, Line } from '../fields.ts';
import { type Item, noun, type Said } from '../noun.ts';

/** How long approvals hold where no policy says. */
export const DEFAULT_EXPIRY = 'P7D';
/** Who may not approve where no policy says. */
export const DEFAULT_SEPARATION = {
  requester: true,
  author: false,
  previous_promoter: false,
  evidence_producer: false,
};

const apart = (name: keyof typeof DEFAULT_SEPARATION, words: string) =>
  z._default(z.boolean(), DEFAULT_SEPARATION[name]).check(z.describe(`Whether ${words} may not approve.`));

/** How many approvals, from whom, for how long. */
export const policy = noun({
  input: {
    name: Line.check(z.describe('What people call it.')),
    environments: z
      .array(z.union([z.literal('*'), EnvironmentName]))
      .check(
        z.minLength(1),
        z.maxLength(50),
        z.describe(
          'The environments that it concerns, by name or alias, or `*` for all there are and will be.',
        ),
      ),
    required_approvers: z
      ._default(z.int().check(z.minimum(0), z.maximum(100)), 1)
      .check(z.describe('How many approvers a promotion takes.')),
    groups: z
      ._default(
        z
          .array(
            z.strictObject({
              group: Id.check(z.describe('The name of a group.')),
              min: z
                .int()
                .check(z.minimum(1), z.maximum(100), z.describe('How many approvers it must give.')),
            }),
          )
          .check(z.maxLength(20)),
        [],
      )
      .check(z.describe('Groups that must be among the approvers.')),
    separation_of_duties: z
      ._default(
        z.strictObject({
          requester: apart('requester', 'the requester'),
          author: apart('author', 'an author of the content'),
          previous_promoter: apart('previous_promoter', 'who promoted the content before'),
          evidence_producer: apart('evidence_producer', 'who produced its evidence'),
        }),
        DEFAULT_SEPARATION,
      )
      .check(z.describe('Which of the people of a promotion may not approve it.')),
    expires_after: z
      ._default(Duration, DEFAULT_EXPIRY)
      .check(z.describe('How long approvals hold, at most P300D.')),
    require_comment: z._default(z.boolean(), false).check(z.describe('Whether an approval needs a comment.')),
    link_only: z
      .exactOptional(z.boolean())
      .check(
        z.describe(
          'Whether an approval link is enough to act by: its holder is taken for its approver. Never in a protected environment.',
        ),
      ),
  },
  managed: {
    id: z.string().check(z.describe('Its id.')),
    link_only: z.exactOptional(z.literal(true)),
  },
  computed: { link_only: z.boolean() },
});

export interface ApprovalPolicy extends Item<typeof policy> {}
export type SeparationOfDuties = ApprovalPolicy['separation_of_duties'];

/** What callers say of a policy, its defaults filled in. Environments are names, aliases or `*`. */
export interface ApprovalPolicyFields extends Said<typeof policy> {}
