import type { Environment } from '../../domain/catalog/environment.ts';
import { concerning, EVERYWHERE, type Freeze } from '../../domain/freeze/freeze.ts';
import { type Frozen, frozenAt } from '../../domain/freeze/frozen-at.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import type { Action } from '../../domain/identity/roles.ts';
import { toInstant } from '../../domain/instant.ts';
import { findEnvironment } from '../../domain/promotion/pipeline.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { StoredAnswer, Write } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import { recordChange } from '../audit/record-change.ts';
import { pipelineTurn } from '../catalog/pipeline-turn.ts';
import type { Deps } from '../deps.ts';
import { answerWrite, committed, type IfMatch, unexpected } from '../engine/commit.ts';
import { LOST, untilCommitted } from '../engine/until-committed.ts';
import { checkedFreeze, type FreezeFields } from './fields.ts';

type ReadDeps = Pick<Deps, 'catalog' | 'denials' | 'clock'>;
type WriteDeps = ReadDeps & Pick<Deps, 'changes' | 'transactions' | 'ids' | 'random' | 'sleep'>;
/** `scope` is an environment by name or alias, or `*`. */
type In = { readonly principal: Principal; readonly scope: string };

/** Freezes of a tenant: every assessment reads them all. */
const MOST = 200;

/**
 * Freezes a scope, and raises the guard of every environment in it: what is being executed there decides again.
 * Refuses `not_authorized`, `unknown_environment`, `invalid_request`, `conflict` past `MOST`.
 */
export async function createFreeze(
  deps: WriteDeps,
  input: In & { readonly freeze: FreezeFields; readonly answer?: (freeze: Freeze) => StoredAnswer },
): Promise<Freeze | Refusal> {
  const { principal, answer } = input;
  const { tenant, subject } = principal;
  const id = deps.ids.next('frz');
  const now = deps.clock.now();
  return untilCommitted(deps, async () => {
    const scope = await scopeOf(deps, input, 'freeze');
    if (isRefusal(scope)) return scope;
    const fields = checkedFreeze(input.freeze);
    if (isRefusal(fields)) return fields;
    if ((await deps.catalog.all(tenant, 'freeze')).length >= MOST) {
      return refuse('conflict', `there are ${MOST} freezes: delete those that are over`);
    }
    const stored = { id, environment: scope.name, created_by: subject, version: 1 };
    const freeze: Freeze = { ...fields, ...stored, created_at: now, updated_at: now };
    const outcome = await committed(deps, tenant, [
      { write: 'catalog', entry: { type: 'freeze', item: freeze }, expected: 0 },
      ...guards(scope),
      ...(freeze.mode === 'allow' ? [opened(scope)] : []),
      await told(deps, principal, 'create', { after: freeze }),
      ...answerWrite(answer, freeze),
    ]);
    return outcome ?? freeze;
  });
}

/** The freezes that concern a scope, and what they say of an instant; absent: of now. Refuses as `readFreeze`. */
export async function listFreezes(
  deps: ReadDeps,
  input: In & { readonly at?: string },
): Promise<{ readonly freezes: readonly Freeze[]; readonly at: string; readonly judged: Frozen } | Refusal> {
  const scope = await scopeOf(deps, input, 'read');
  if (isRefusal(scope)) return scope;
  const at = input.at === undefined ? deps.clock.now() : toInstant(input.at);
  if (at === undefined) return refuse('invalid_request', 'at must be an instant', { field: 'at' });
  const freezes = concerning(await deps.catalog.all(input.principal.tenant, 'freeze'), scope.name);
  return { freezes, at, judged: frozenAt(freezes, at) };
}

/** Reads a freeze of a scope. Refuses `not_authorized`, `unknown_environment`, `not_found`. */
export async function readFreeze(
  deps: ReadDeps,
  input: In & { readonly id: string },
): Promise<Freeze | Refusal> {
  const scope = await scopeOf(deps, input, 'read');
  return isRefusal(scope) ? scope : found(deps, input, scope);
}

/** Changes a freeze; what is absent stays. Raises guards and refuses as `createFreeze`, and `not_found`, `precondition_failed`. */
export async function updateFreeze(
  deps: WriteDeps,
  input: In & { readonly id: string; readonly change: Partial<FreezeFields>; readonly ifMatch: IfMatch },
): Promise<Freeze | Refusal> {
  const { tenant } = input.principal;
  return untilCommitted(deps, async () => {
    const held = await expected(deps, input);
    if (isRefusal(held)) return held;
    const { scope, stored } = held;
    const { reason, starts_at, ends_at, rrule, timezone, mode, on_due } = { ...stored, ...input.change };
    // Without a rule the zone goes with it, unless the change itself names one.
    const zone = rrule === null && input.change.timezone === undefined ? null : timezone;
    const optional = {
      ...(rrule === undefined ? {} : { rrule }),
      ...(zone === undefined ? {} : { timezone: zone }),
    };
    const fields = checkedFreeze({ reason, starts_at, ends_at, ...optional, mode, on_due });
    if (isRefusal(fields)) return fields;
    const { id, environment, created_by, created_at } = stored;
    const kept = { id, environment, created_by, created_at };
    const freeze = { ...fields, ...kept, version: stored.version + 1, updated_at: deps.clock.now() };
    const outcome = await committed(deps, tenant, [
      { write: 'catalog', entry: { type: 'freeze', item: freeze }, expected: stored.version },
      ...guards(scope),
      opened(scope),
      await told(deps, input.principal, 'update', { before: stored, after: freeze }),
    ]);
    return outcome ?? freeze;
  });
}

/** Lifts a freeze. Refuses `not_authorized`, `unknown_environment`, `not_found`, `precondition_failed`. */
export async function deleteFreeze(
  deps: WriteDeps,
  input: In & { readonly id: string; readonly ifMatch: IfMatch },
): Promise<Freeze | Refusal> {
  const { tenant } = input.principal;
  return untilCommitted(deps, async () => {
    const held = await expected(deps, input);
    if (isRefusal(held)) return held;
    const { scope, stored } = held;
    const outcome = await committed(deps, tenant, [
      { write: 'catalog_delete', type: 'freeze', id: stored.id, expected: stored.version },
      ...guards(scope),
      opened(scope),
      await told(deps, input.principal, 'delete', { before: stored }),
    ]);
    return outcome === LOST || outcome !== undefined ? outcome : stored;
  });
}

/** A freeze that is changed or lifted may open its scope, and so does another window in which executions are allowed. */
const opened = ({ name }: Scope): Write => ({ write: 'opened', environment: name });

type Scope = { readonly name: string; readonly environments: readonly Environment[] };

/** Where something is asked for, by someone who may. Whoever may read nothing learns no names. */
async function scopeOf(deps: ReadDeps, { principal, scope }: In, action: Action): Promise<Scope | Refusal> {
  const unread = await authorize(deps, principal, 'read');
  if (unread !== undefined) return unread;
  const environments = await deps.catalog.all(principal.tenant, 'environment');
  const environment = scope === EVERYWHERE ? undefined : findEnvironment(environments, scope);
  if (scope !== EVERYWHERE && environment === undefined) {
    return refuse('unknown_environment', `there is no environment ${scope}`, { name: scope });
  }
  const refusal = await authorize(deps, principal, action, environment?.name);
  return refusal ?? { name: environment?.name ?? EVERYWHERE, environments };
}

/** The freeze that somebody may change, in the version that they saw. */
async function expected(
  deps: ReadDeps,
  input: In & { readonly id: string; readonly ifMatch: IfMatch },
): Promise<{ readonly scope: Scope; readonly stored: Freeze } | Refusal> {
  const scope = await scopeOf(deps, input, 'freeze');
  if (isRefusal(scope)) return scope;
  const stored = await found(deps, input, scope);
  if (isRefusal(stored)) return stored;
  return unexpected(stored.version, input.ifMatch) ?? { scope, stored };
}

async function found(
  deps: ReadDeps,
  { principal, id }: In & { readonly id: string },
  { name }: Scope,
): Promise<Freeze | Refusal> {
  const freeze = await deps.catalog.item(principal.tenant, 'freeze', id);
  if (freeze?.environment === name) return freeze;
  return refuse('not_found', `there is no freeze ${id} on ${name}`);
}

/** What the chain of changes hears of a freeze: its reason, which is why. */
function told(
  deps: WriteDeps,
  principal: Principal,
  action: 'create' | 'update' | 'delete',
  { before, after }: { readonly before?: Freeze; readonly after?: Freeze },
): Promise<Write> {
  const { id = '', reason = '' } = after ?? before ?? {};
  return recordChange(deps, principal, {
    action,
    target: { type: 'freeze', id },
    reason,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });
}

/** The guards of a scope. One of everything takes a turn in the pipeline too, for an environment that is just being created. */
function guards({ name, environments }: Scope): readonly Write[] {
  if (name !== EVERYWHERE) return [{ write: 'raise_guard', environment: name }];
  const raised = environments.map((one) => ({ write: 'raise_guard', environment: one.name }) as const);
  return [...pipelineTurn(environments, ''), ...raised];
}
