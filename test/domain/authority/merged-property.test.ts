import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { environment } from '../../../functions/adapters/dynamodb/schemas/catalog.ts';
import { NewEnvironment } from '../../../functions/contract/environments.ts';
import type { Authority, Held, World } from '../../../functions/domain/authority/class.ts';
import { environmentAuthority } from '../../../functions/domain/authority/environment.ts';
import { policyAuthority, ruleAuthority } from '../../../functions/domain/authority/hops.ts';
import { policy } from '../../../functions/domain/catalog/approval-policy.ts';
import { DEFAULT_PIPELINE } from '../../../functions/domain/catalog/pipeline.ts';
import { rule } from '../../../functions/domain/catalog/rule.ts';
import { KINDS } from '../../../functions/domain/subject.ts';
import { arbitraryOf } from '../../support/arbitrary-of.ts';
import { times } from '../../support/length.ts';
import { NOON } from '../../support/promotion-facts.ts';

type Members = { readonly [name: string]: unknown };
type Noun<T> = {
  readonly authority: Authority<T>;
  readonly stored: z.ZodMiniType<T>;
  /** An item that is as strict as it can be, and what callers say of each member. */
  readonly strict: Members;
  readonly said: Members;
  readonly among: (item: T) => Partial<World>;
};

const stamp = { id: 'one', version: 1, guard: 1, created_at: NOON, updated_at: NOON };
const pipeline = DEFAULT_PIPELINE(NOON);
const world: World = {
  ...{ environments: pipeline, rules: [], policies: [], freezes: [], machines: ['bots'], now: NOON },
};
/** What names an environment by its alias, and so holds as long as the alias does. */
const aliased = z.parse(rule.stored, {
  ...{ ...stamp, id: 'aliased', name: 'r', source_environment: 'staging', target_environment: 'prod' },
  ...{
    requires_approval: true,
    required_approvers: 3,
    auto_promote: false,
    conditions: null,
    status: 'active',
  },
});
const gates = [{ name: 'tests', mode: 'block', applies_to: KINDS, producers: ['ci'] }];

/** Members of which a random change, of this one alone, lets through what was refused, and how each is held. */
function effective<T>({
  authority,
  stored,
  strict,
  said,
  among,
}: Noun<T>): readonly (readonly [string, Held<T>])[] {
  return Object.entries<Held<T>>(authority.members).filter(([member, held]) => {
    if (held === 'fixed') return false;
    const schema = said[member];
    const values = schema instanceof z.ZodMiniType ? arbitraryOf(schema) : undefined;
    if (values === undefined) return false;
    let found = false;
    const before = z.parse(stored, { ...stamp, ...strict });
    fc.assert(
      fc.property(values, (value) => {
        const after = z.safeParse(stored, { ...stamp, ...strict, [member]: completed(member, value) });
        if (!after.success) return;
        const stands = { ...world, ...among(before) };
        const weaker = authority.merged?.find({ before, after: after.data }, stands) ?? [];
        found ||= weaker.length > 0;
      }),
      { numRuns: times(80, 400) },
    );
    return found;
  });
}

/** A gate as it is kept of what a caller says. */
const completed = (member: string, value: unknown): unknown =>
  member === 'gates' && Array.isArray(value)
    ? value.map((gate: object) => ({ mode: 'block', applies_to: KINDS, ...gate }))
    : value;

const NOUNS = {
  rule: effective({
    authority: ruleAuthority,
    stored: rule.stored,
    strict: {
      ...{ name: 'hop', source_environment: 'staging', target_environment: 'production', status: 'active' },
      ...{ requires_approval: true, required_approvers: 4, auto_promote: false, conditions: null },
    },
    said: rule.body.shape,
    among: (item) => ({ rules: [item] }),
  }),
  policy: effective({
    authority: policyAuthority,
    stored: policy.stored,
    strict: {
      ...{ name: 'two', environments: ['production'], required_approvers: 4, expires_after: 'P1D' },
      groups: [{ group: 'security', min: 3 }],
      separation_of_duties: {
        requester: true,
        author: true,
        previous_promoter: true,
        evidence_producer: true,
      },
      require_comment: true,
    },
    said: policy.body.shape,
    among: (item) => ({ policies: [item] }),
  }),
  environment: effective({
    authority: environmentAuthority,
    stored: environment,
    strict: { ...pipeline.at(-1), gates, rollback: { requires_approval: true } },
    said: NewEnvironment.shape,
    among: (item) => ({
      environments: pipeline.map((one) => (one.name === item.name ? item : one)),
      rules: [aliased],
    }),
  }),
};

/** Whether a change of a member is judged by what is merged. */
const isMerged = (held: Held<never>): boolean =>
  held === 'merged' ||
  (typeof held !== 'string' &&
    ('within' in held ? Object.values(held.within).some(isMerged) : held.includes('merged')));

it.each(Object.entries(NOUNS))('what lets through what was refused is merged: %s', (_, found) => {
  expect(found.filter(([, held]) => !isMerged(held)).map(([member]) => member)).toEqual([]);
});

it('a random change of these members, alone, lets through what was refused', () => {
  const names = Object.entries(NOUNS).map(([noun, found]) => [noun, found.map(([member]) => member)]);
  expect(Object.fromEntries(names)).toEqual({
    rule: ['source_environment', 'target_environment', 'required_approvers', 'status'],
    policy: [
      'environments',
      'required_approvers',
      'groups',
      'separation_of_duties',
      'expires_after',
      'require_comment',
    ],
    environment: ['aliases', 'rank', 'protected', 'gates', 'rollback'],
  });
});
