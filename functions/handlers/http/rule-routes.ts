import {
  createRule as createRuleEndpoint,
  deleteRule as deleteRuleEndpoint,
  getRule,
  listRules as listRulesEndpoint,
  updateRule as updateRuleEndpoint,
} from '../../contract/rules.ts';
import type { Rule } from '../../domain/catalog/rule.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { createRule, deleteRule, listRules, readRule, updateRule } from '../../use-cases/catalog/rules.ts';
import type { TableDeps } from '../wiring/table.ts';
import { ruleView } from './catalog-views.ts';
import { etag, ifMatch } from './etag.ts';
import { type Answer, created, noContent, ok } from './reply.ts';
import { type Route, route } from './route.ts';

const shown = (tenant: string, rule: Rule): Answer => ok(ruleView(tenant, rule), etag(rule.version));

/** `/api/v1/promotions/rules`. */
export const ruleRoutes: readonly Route<TableDeps>[] = [
  route(createRuleEndpoint, async ({ principal, body, keeping }, deps) => {
    const answerOf = (rule: Rule) =>
      created(ruleView(principal.tenant, rule), `/api/v1/promotions/rules/${rule.id}`, etag(rule.version));
    const rule = await createRule(deps, { principal, rule: body, ...keeping(answerOf) });
    return isRefusal(rule) ? rule : answerOf(rule);
  }),
  route(listRulesEndpoint, async ({ principal, page, paged }, deps) => {
    const asked = await page(deps);
    if ('refused' in asked) return asked;
    const rules = await listRules(deps, { principal, page: asked });
    return isRefusal(rules) ? rules : paged(deps, rules, (rule) => ruleView(principal.tenant, rule));
  }),
  route(getRule, async ({ principal, param }, deps) => {
    const rule = await readRule(deps, { principal, id: param('id') });
    return isRefusal(rule) ? rule : shown(principal.tenant, rule);
  }),
  route(updateRuleEndpoint, async ({ principal, param, body, headers }, deps) => {
    const match = ifMatch(headers);
    if ('refused' in match) return match;
    const rule = await updateRule(deps, {
      principal,
      id: param('id'),
      change: body,
      ifMatch: match.versions,
    });
    return isRefusal(rule) ? rule : shown(principal.tenant, rule);
  }),
  route(deleteRuleEndpoint, async ({ principal, param, headers }, deps) => {
    const match = ifMatch(headers);
    if ('refused' in match) return match;
    const rule = await deleteRule(deps, { principal, id: param('id'), ifMatch: match.versions });
    return isRefusal(rule) ? rule : noContent;
  }),
];
