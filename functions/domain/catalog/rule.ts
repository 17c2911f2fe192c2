import * as z from 'zod/mini';
import { ConditionForm } from '../conditions/condition-form.ts';
import { EnvironmentName, Id, Line } from '../fields.ts';
import { type Item, noun, type Said } from '../noun.ts';

const condition = z.record(z.string(), z.unknown());

/** What one hop of the pipeline demands, and whether it happens by itself. */
export const rule = noun({
  input: {
    name: Line.check(z.describe('What people call it.')),
    source_environment: EnvironmentName.check(z.describe('The environment that is promoted from.')),
    target_environment: EnvironmentName.check(
      z.describe('The environment that is promoted to: the next one of the pipeline.'),
    ),
    requires_approval: z
      ._default(z.boolean(), false)
      .check(z.describe('Whether a promotion needs approval.')),
    auto_promote: z
      ._default(z.boolean(), false)
      .check(z.describe('Whether what went live in the source is promoted by Sluice itself.')),
    required_approvers: z
      .exactOptional(z.int().check(z.minimum(0), z.maximum(100)))
      .check(
        z.describe('How many approvers it takes; absent: one where approval is required, otherwise none.'),
      ),
    conditions: z
      .exactOptional(z.union([condition, z.string().check(z.minLength(1), z.maxLength(16_384))]))
      .check(z.describe('A condition that automatic promotion waits for, as an object or as its JSON text.')),
    target_gateway_id: z
      .exactOptional(Id)
      .check(z.describe('The gateway of the target that takes agents; absent: the only one there.')),
    status: z
      ._default(z.enum(['active', 'inactive']), 'active')
      .check(z.describe('Only an `active` rule counts.')),
  },
  managed: {
    id: z.string().check(z.describe('Its id.')),
    required_approvers: z.int(),
    conditions: z.nullable(ConditionForm),
  },
  computed: { conditions: z.nullable(condition) },
});

export interface Rule extends Item<typeof rule> {}

/** What callers say of a rule, its defaults filled in. Environments are names or aliases. */
export interface RuleFields extends Said<typeof rule> {}
