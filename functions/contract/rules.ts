import type * as z from 'zod/mini';
import { rule } from '../domain/catalog/rule.ts';
import { resource } from './resource.ts';

/** Promotion rules, as the agent-promotion document has them. */

export const RuleView = rule.view;
export type RuleView = z.infer<typeof RuleView>;

export const rules = resource({
  governs: true,
  tag: 'rules',
  words: 'a promotion rule',
  path: '/api/v1/promotions/rules',
  key: 'id',
  operations: {
    create: 'createRule',
    list: 'listRules',
    get: 'getRule',
    replace: 'updateRule',
    remove: 'deleteRule',
  },
  body: rule.body,
  demanded: ['required_approvers'],
  view: RuleView,
  errors: ['unknown_environment', 'unknown_gateway', 'missing_stages', 'invalid_transition'],
});
