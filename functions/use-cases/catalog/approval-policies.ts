import type { ApprovalPolicy, SeparationOfDuties } from '../../domain/catalog/approval-policy.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { EVERY_ENVIRONMENT } from '../../domain/policy/merge.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { StoredAnswer, Write } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import { recordChange } from '../audit/record-change.ts';
import type { Deps } from '../deps.ts';
import { answerWrite, committed, type IfMatch, unexpected } from '../engine/commit.ts';
import { LOST, untilCommitted } from '../engine/until-committed.ts';
import { type ApprovalPolicyFields, checkedPolicy, concerned } from './approval-policy-fields.ts';
import { pipelineTurn } from './pipeline-turn.ts';

type ReadDeps = Pick<Deps, 'catalog' | 'denials' | 'clock'>;
type WriteDeps = ReadDeps & Pick<Deps, 'changes' | 'transactions' | 'ids' | 'random' | 'sleep'>;

/**
 * Creates a policy, and raises the guard of every environment it concerns: what is being executed there decides again.
 * Refuses `not_authorized`, `invalid_request`, `unknown_environment`.
 */
export async function createPolicy(
  deps: WriteDeps,
  input: {
    readonly principal: Principal;
    readonly policy: ApprovalPolicyFields;
    readonly answer?: (policy: ApprovalPolicy) => StoredAnswer;
  },
): Promise<ApprovalPolicy | Refusal> {
  const { principal, answer } = input;
  const { tenant } = principal;
  const id = deps.ids.next('pol');
  const now = deps.clock.now();
  return untilCommitted(deps, async () => {
    const unread = await authorize(deps, principal, 'read');
    if (unread !== undefined) return unread;
    const environments = await deps.catalog.all(tenant, 'environment');
    const fields = checkedPolicy(environments, input.policy);
    if (isRefusal(fields)) return fields;
    const refusal = await manages(deps, principal, fields);
    if (refusal !== undefined) return refusal;
    const policy: ApprovalPolicy = { ...fields, id, version: 1, created_at: now, updated_at: now };
    const outcome = await committed(deps, tenant, [
      { write: 'catalog', entry: { type: 'policy', item: policy }, expected: 0 },
      ...guards(environments, [policy]),
      await recordChange(deps, principal, {
        action: 'create',
        target: { type: 'policy', id },
        after: policy,
      }),
      ...answerWrite(answer, policy),
    ]);
    return outcome ?? policy;
  });
}

/** Reads a policy. Refuses `not_authorized`, `not_found`. */
export async function readPolicy(
  deps: ReadDeps,
  { principal, id }: { readonly principal: Principal; readonly id: string },
): Promise<ApprovalPolicy | Refusal> {
  const refusal = await authorize(deps, principal, 'read');
  if (refusal !== undefined) return refusal;
  return (await deps.catalog.item(principal.tenant, 'policy', id)) ?? missing(id);
}

/** One page of the policies. Refuses `not_authorized`. */
export async function listPolicies(
  deps: ReadDeps,
  { principal, page }: { readonly principal: Principal; readonly page: PageRequest },
): Promise<Page<ApprovalPolicy> | Refusal> {
  const refusal = await authorize(deps, principal, 'read');
  return refusal ?? deps.catalog.page(principal.tenant, 'policy', page);
}

/**
 * Changes a policy; what is absent stays, also within `separation_of_duties`. Raises the guards of the environments it concerned
 * and of those it concerns. Refuses as `createPolicy`, and `not_found`, `precondition_failed`.
 */
export async function updatePolicy(
  deps: WriteDeps,
  input: {
    readonly principal: Principal;
    readonly id: string;
    readonly change: Partial<ApprovalPolicyFields>;
    readonly ifMatch: IfMatch;
  },
): Promise<ApprovalPolicy | Refusal> {
  const { principal, id, change } = input;
  const { tenant } = principal;
  return untilCommitted(deps, async () => {
    const stored = await deps.catalog.item(tenant, 'policy', id);
    if (stored === undefined) return (await authorize(deps, principal, 'read')) ?? missing(id);
    const refusal = (await manages(deps, principal, stored)) ?? unexpected(stored.version, input.ifMatch);
    if (refusal !== undefined) return refusal;
    const environments = await deps.catalog.all(tenant, 'environment');
    const fields = checkedPolicy(environments, merged(environments, stored, change));
    if (isRefusal(fields)) return fields;
    const moved = await manages(deps, principal, fields);
    if (moved !== undefined) return moved;
    const policy: ApprovalPolicy = {
      ...fields,
      id,
      version: stored.version + 1,
      created_at: stored.created_at,
      updated_at: deps.clock.now(),
    };
    const outcome = await committed(deps, tenant, [
      { write: 'catalog', entry: { type: 'policy', item: policy }, expected: stored.version },
      ...guards(environments, [stored, policy]),
      await recordChange(deps, principal, {
        action: 'update',
        target: { type: 'policy', id },
        before: stored,
        after: policy,
      }),
    ]);
    return outcome ?? policy;
  });
}

/** Deletes a policy, which raises the guards of what it concerned. Refuses `not_authorized`, `not_found`, `precondition_failed`. */
export async function deletePolicy(
  deps: WriteDeps,
  input: { readonly principal: Principal; readonly id: string; readonly ifMatch: IfMatch },
): Promise<ApprovalPolicy | Refusal> {
  const { principal, id } = input;
  const { tenant } = principal;
  return untilCommitted(deps, async () => {
    const stored = await deps.catalog.item(tenant, 'policy', id);
    if (stored === undefined) return (await authorize(deps, principal, 'read')) ?? missing(id);
    const refusal = (await manages(deps, principal, stored)) ?? unexpected(stored.version, input.ifMatch);
    if (refusal !== undefined) return refusal;
    const outcome = await committed(deps, tenant, [
      { write: 'catalog_delete', type: 'policy', id, expected: stored.version },
      ...guards(await deps.catalog.all(tenant, 'environment'), [stored]),
      await recordChange(deps, principal, {
        action: 'delete',
        target: { type: 'policy', id },
        before: stored,
      }),
    ]);
    return outcome === LOST || outcome !== undefined ? outcome : stored;
  });
}

/** Whoever writes a policy manages the catalog in every environment it names; for all of them, in the tenant. */
async function manages(
  deps: ReadDeps,
  principal: Principal,
  { environments }: Pick<ApprovalPolicy, 'environments'>,
): Promise<Refusal | undefined> {
  if (environments.includes(EVERY_ENVIRONMENT)) return authorize(deps, principal, 'manage_catalog');
  for (const environment of environments) {
    const refusal = await authorize(deps, principal, 'manage_catalog', environment);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/**
 * The guards of all that any of these policies concerns. One for every environment also takes a turn in the pipeline: an
 * environment that is being created at this moment would otherwise keep its guard.
 */
function guards(
  environments: readonly Environment[],
  policies: readonly Pick<ApprovalPolicy, 'environments'>[],
): readonly Write[] {
  const names = new Set(
    policies.flatMap((policy) => concerned(environments, policy)).map(({ name }) => name),
  );
  const everywhere = policies.some((policy) => policy.environments.includes(EVERY_ENVIRONMENT));
  return [
    ...(everywhere ? pipelineTurn(environments, '') : []),
    ...[...names].map((environment) => ({ write: 'raise_guard', environment }) as const),
  ];
}

/** What a policy says with a change. An environment that is gone by now is left out where the change names none. */
function merged(
  environments: readonly Environment[],
  { separation_of_duties: kept, ...stored }: ApprovalPolicy,
  { separation_of_duties: asked, ...change }: Partial<ApprovalPolicyFields>,
): ApprovalPolicyFields {
  const separation_of_duties: SeparationOfDuties = { ...kept, ...asked };
  const known = new Set([
    EVERY_ENVIRONMENT,
    ...environments.flatMap(({ name, aliases }) => [name, ...aliases]),
  ]);
  const left = stored.environments.filter((name) => known.has(name));
  return { ...stored, environments: left, ...change, separation_of_duties };
}

const missing = (id: string): Refusal => refuse('not_found', `there is no approval policy ${id}`);
