import type { Rule } from '../../domain/catalog/rule.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { StoredAnswer } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import { recordChange } from '../audit/record-change.ts';
import type { Deps } from '../deps.ts';
import { answerWrite, committed, type IfMatch, unexpected } from '../engine/commit.ts';
import { LOST, untilCommitted } from '../engine/until-committed.ts';
import { checkedRule, type RuleFields } from './rule-fields.ts';

type ReadDeps = Pick<Deps, 'catalog' | 'denials' | 'clock'>;
type WriteDeps = ReadDeps & Pick<Deps, 'changes' | 'transactions' | 'ids' | 'random' | 'sleep'>;

/**
 * Creates a rule, and raises the guard of its target: what is being executed there decides again.
 * Refuses `not_authorized`, `invalid_request`, `unknown_environment`, `unknown_gateway`, `missing_stages`, `invalid_transition`.
 */
export async function createRule(
  deps: WriteDeps,
  input: {
    readonly principal: Principal;
    readonly rule: RuleFields;
    readonly answer?: (rule: Rule) => StoredAnswer;
  },
): Promise<Rule | Refusal> {
  const { principal, answer } = input;
  const { tenant } = principal;
  const id = deps.ids.next('rule');
  const now = deps.clock.now();
  return untilCommitted(deps, async () => {
    const fields = await checkedRule(deps, tenant, input.rule);
    if (isRefusal(fields)) return fields;
    const refusal = await authorize(deps, principal, 'manage_catalog', fields.target_environment);
    if (refusal !== undefined) return refusal;
    const rule: Rule = { ...fields, id, version: 1, created_at: now, updated_at: now };
    const outcome = await committed(deps, tenant, [
      { write: 'catalog', entry: { type: 'rule', item: rule }, expected: 0 },
      { write: 'raise_guard', environment: rule.target_environment },
      await recordChange(deps, principal, { action: 'create', target: { type: 'rule', id }, after: rule }),
      ...answerWrite(answer, rule),
    ]);
    return outcome ?? rule;
  });
}

/** Reads a rule. Refuses `not_authorized`, `not_found`. */
export async function readRule(
  deps: ReadDeps,
  { principal, id }: { readonly principal: Principal; readonly id: string },
): Promise<Rule | Refusal> {
  const refusal = await authorize(deps, principal, 'read');
  if (refusal !== undefined) return refusal;
  return (await deps.catalog.item(principal.tenant, 'rule', id)) ?? missing(id);
}

/** One page of the rules. Refuses `not_authorized`. */
export async function listRules(
  deps: ReadDeps,
  { principal, page }: { readonly principal: Principal; readonly page: PageRequest },
): Promise<Page<Rule> | Refusal> {
  const refusal = await authorize(deps, principal, 'read');
  return refusal ?? deps.catalog.page(principal.tenant, 'rule', page);
}

/** What a change says; `target_gateway_id: null` clears it. */
export type RuleChange = Partial<Omit<RuleFields, 'target_gateway_id'>> & {
  readonly target_gateway_id?: string | null;
};

/**
 * Changes a rule; what is absent stays. Raises the guards of the target it had and the one it has.
 * Refuses as `createRule`, and `not_found`, `precondition_failed`.
 */
export async function updateRule(
  deps: WriteDeps,
  input: {
    readonly principal: Principal;
    readonly id: string;
    readonly change: RuleChange;
    readonly ifMatch: IfMatch;
  },
): Promise<Rule | Refusal> {
  const { principal, id } = input;
  const { tenant } = principal;
  return untilCommitted(deps, async () => {
    const stored = await deps.catalog.item(tenant, 'rule', id);
    if (stored === undefined) return (await authorize(deps, principal, 'read')) ?? missing(id);
    const refusal =
      (await authorize(deps, principal, 'manage_catalog', stored.target_environment)) ??
      unexpected(stored.version, input.ifMatch);
    if (refusal !== undefined) return refusal;
    const fields = await checkedRule(deps, tenant, merged(stored, input.change));
    if (isRefusal(fields)) return fields;
    const moved = await authorize(deps, principal, 'manage_catalog', fields.target_environment);
    if (moved !== undefined) return moved;
    const rule: Rule = {
      ...fields,
      id,
      version: stored.version + 1,
      created_at: stored.created_at,
      updated_at: deps.clock.now(),
    };
    const targets = new Set([stored.target_environment, rule.target_environment]);
    const known = new Set((await deps.catalog.all(tenant, 'environment')).map(({ name }) => name));
    const outcome = await committed(deps, tenant, [
      { write: 'catalog', entry: { type: 'rule', item: rule }, expected: stored.version },
      ...guards([...targets].filter((name) => known.has(name))),
      await recordChange(deps, principal, {
        action: 'update',
        target: { type: 'rule', id },
        before: stored,
        after: rule,
      }),
    ]);
    return outcome ?? rule;
  });
}

/** Deletes a rule. Refuses `not_authorized`, `not_found`, `precondition_failed`. */
export async function deleteRule(
  deps: WriteDeps,
  input: { readonly principal: Principal; readonly id: string; readonly ifMatch: IfMatch },
): Promise<Rule | Refusal> {
  const { principal, id } = input;
  const { tenant } = principal;
  return untilCommitted(deps, async () => {
    const stored = await deps.catalog.item(tenant, 'rule', id);
    if (stored === undefined) return (await authorize(deps, principal, 'read')) ?? missing(id);
    const refusal =
      (await authorize(deps, principal, 'manage_catalog', stored.target_environment)) ??
      unexpected(stored.version, input.ifMatch);
    if (refusal !== undefined) return refusal;
    const target = await deps.catalog.item(tenant, 'environment', stored.target_environment);
    const outcome = await committed(deps, tenant, [
      { write: 'catalog_delete', type: 'rule', id, expected: stored.version },
      ...guards(target === undefined ? [] : [target.name]),
      await recordChange(deps, principal, { action: 'delete', target: { type: 'rule', id }, before: stored }),
    ]);
    return outcome === LOST || outcome !== undefined ? outcome : stored;
  });
}

const guards = (environments: readonly string[]) =>
  environments.map((environment) => ({ write: 'raise_guard', environment }) as const);

const missing = (id: string): Refusal => refuse('not_found', `there is no rule ${id}`);

function merged(stored: Rule, change: RuleChange): RuleFields {
  const { target_gateway_id: kept, ...rest } = stored;
  const { target_gateway_id = kept, ...changed } = change;
  const gateway = target_gateway_id === null || target_gateway_id === undefined ? {} : { target_gateway_id };
  return { ...rest, ...changed, ...gateway };
}
