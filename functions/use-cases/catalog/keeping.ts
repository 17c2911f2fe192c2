import type { Environment } from '../../domain/catalog/environment.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { canonicalJson } from '../../domain/jcs.ts';
import { EVERY_ENVIRONMENT } from '../../domain/policy/merge.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { StoredAnswer } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import { authorizeAll, authorizeNamed } from '../access/authorize-named.ts';
import { committed, type IfMatch, unexpected } from '../engine/commit.ts';
import { RACE_LOST, untilCommitted } from '../engine/until-committed.ts';
import type { Changing, Description, KeepingDeps, Kept, Outcome, Ref } from './description.ts';
import { nextTenantVersion, type TenantVersion } from './tenant-version.ts';
import { told } from './told.ts';
import { withGuards } from './with-guards.ts';

type By = { readonly principal: Principal };

/** Reads an item. Refuses `not_authorized`, `unknown_environment`, `not_found`. */
export async function readItem<T extends Kept, F extends object>(
  deps: KeepingDeps,
  noun: Description<T, F>,
  { principal, ref }: By & { readonly ref: Ref },
): Promise<T | Refusal> {
  if (!noun.isOwn?.(principal, ref.id)) {
    const refusal = await allowed(deps, principal, noun, 'read', ref);
    if (refusal !== undefined) return refusal;
  }
  return (await noun.storage.read(deps, principal.tenant, ref)) ?? missing(noun, ref);
}

/** One page of the items. Refuses `not_authorized`. */
export async function listItems<T extends Kept, F extends object>(
  deps: KeepingDeps,
  noun: Description<T, F>,
  { principal, page }: By & { readonly page: PageRequest },
): Promise<Page<T> | Refusal> {
  const refusal = await authorize(deps, principal, noun.actions.read);
  return refusal ?? noun.storage.page(deps, principal.tenant, page);
}

/**
 * Creates an item, or asks a second admin for it. `id` is that of an item that was asked for before. Refuses `not_authorized`,
 * `unknown_environment`, `conflict`, `limit_reached`, and what the noun itself refuses.
 */
export async function createItem<T extends Kept, F extends object>(
  deps: KeepingDeps,
  noun: Description<T, F>,
  input: Changing & {
    readonly scope?: string;
    readonly id?: string;
    readonly fields: F;
    readonly answer?: (outcome: Outcome<T>) => Promise<StoredAnswer>;
  },
): Promise<Outcome<T> | Refusal> {
  const { principal, fields } = input;
  const { tenant } = principal;
  const named = noun.named?.(fields);
  const id = named ?? input.id ?? (noun.prefix === undefined ? '' : deps.ids.next(noun.prefix));
  const ref = { id, ...(input.scope === undefined ? {} : { scope: input.scope }) };
  return untilCommitted<Outcome<T> | Refusal>(deps, async () => {
    const refusal = await allowed(deps, principal, noun, 'write', ref, fields);
    if (refusal !== undefined) return refusal;
    const tenantVersion = await nextTenantVersion(deps, tenant);
    if (named !== undefined && (await noun.storage.read(deps, tenant, ref)) !== undefined) {
      return refuse('conflict', `the ${noun.words} ${id} already exists`, { id });
    }
    if ((await noun.storage.count(deps, tenant)) >= noun.limit) return full(noun);
    const now = deps.clock.now();
    // A name that was used before starts past all its versions: an `If-Match` from then fits no more.
    const version = named === undefined ? 1 : tenantVersion.next;
    const stamp = { version, created_at: now, updated_at: now };
    return kept(deps, noun, tenantVersion, { ...input, ref, stored: undefined, stamp, now });
  });
}

/**
 * Changes an item into what `fieldsOf` says, given the item as it stands, or asks a second admin for it. What is so already is no change. Refuses as `createItem`, and
 * `not_found`, `precondition_failed`, and what `fieldsOf` refuses.
 */
export async function changeItem<T extends Kept, F extends object>(
  deps: KeepingDeps,
  noun: Description<T, F>,
  input: Changing & {
    readonly ref: Ref;
    readonly fieldsOf: (stored: T) => F | Refusal;
    readonly ifMatch: IfMatch;
  },
): Promise<Outcome<T> | Refusal> {
  const { principal, ref } = input;
  return untilCommitted<Outcome<T> | Refusal>(deps, async () => {
    const stored = await writable(deps, noun, input, 'another');
    if (isRefusal(stored)) return stored;
    const tenantVersion = await nextTenantVersion(deps, principal.tenant);
    const fields = input.fieldsOf(stored);
    if (isRefusal(fields)) return fields;
    const refusal = await allowed(deps, principal, noun, 'write', ref, fields, stored);
    if (refusal !== undefined) return refusal;
    const now = deps.clock.now();
    const stamp = { version: stored.version + 1, created_at: stored.created_at, updated_at: now };
    return kept(deps, noun, tenantVersion, { ...input, fields, stored, stamp, now });
  });
}

/** Deletes an item, or asks a second admin for it. Refuses `not_authorized`, `not_found`, `precondition_failed`, `in_use`. */
export async function deleteItem<T extends Kept, F extends object>(
  deps: KeepingDeps,
  noun: Description<T, F>,
  input: Changing & { readonly ref: Ref; readonly ifMatch: IfMatch },
): Promise<Outcome<T> | Refusal> {
  const { tenant } = input.principal;
  return untilCommitted<Outcome<T> | Refusal>(deps, async () => {
    const stored = await writable(deps, noun, input, 'nothing');
    if (isRefusal(stored)) return stored;
    const tenantVersion = await nextTenantVersion(deps, tenant);
    const environments = await deps.catalog.all(tenant, 'environment');
    const change = { environments, before: stored, after: undefined };
    const unheld = (await noun.heldBy?.(deps, tenant, stored)) ?? [];
    if (isRefusal(unheld)) return unheld;
    const forbidden = await noun.forbids?.(deps, tenant, change);
    if (forbidden !== undefined) return forbidden;
    const telling = await told(deps, noun, tenantVersion, input, change);
    if (isRefusal(telling)) return telling;
    const { pending, writes } = telling;
    const gone =
      pending === undefined ? [noun.storage.remove(stored), ...unheld, ...noun.beside(change)] : [];
    const outcome = await committed(deps, tenant, withGuards(environments, [...gone, ...writes]));
    return outcome ?? (pending === undefined ? stored : { pending });
  });
}

type Keeping<T, F> = Changing & {
  readonly ref: Ref;
  readonly fields: F;
  readonly stored: T | undefined;
  readonly stamp: Kept;
  readonly now: string;
  readonly answer?: (outcome: Outcome<T>) => Promise<StoredAnswer>;
};

/** Makes the item, asks for the roles that it takes as it will be, and commits it with everything beside it. */
async function kept<T extends Kept, F extends object>(
  deps: KeepingDeps,
  noun: Description<T, F>,
  tenantVersion: TenantVersion,
  input: Keeping<T, F>,
): Promise<Outcome<T> | Refusal | typeof RACE_LOST> {
  const { principal, stored } = input;
  const { tenant } = principal;
  const environments = await deps.catalog.all(tenant, 'environment');
  // One was deleted since the caller's words were looked at.
  if (!known(environments, noun.asked(input.ref, input.fields, stored))) return RACE_LOST;
  const item = await noun.make({ ...input, deps, tenant, environments });
  if (isRefusal(item)) return item;
  if (stored !== undefined && isSame(noun, stored, item)) return stored;
  const change = { environments, before: stored, after: item };
  const refusal =
    (await authorizeAll(deps, principal, noun.actions.write, noun.scope(stored, item))) ??
    (await noun.forbids?.(deps, tenant, change));
  if (refusal !== undefined) return refusal;
  const telling = await told(deps, noun, tenantVersion, input, { ...change, fields: input.fields });
  if (isRefusal(telling)) return telling;
  const { pending, writes } = telling;
  const isNew = pending === undefined && stored === undefined;
  if (isNew && (await noun.prepare?.(deps, tenant, item)) === false) return RACE_LOST;
  const put =
    pending === undefined ? [noun.storage.put(item, stored?.version ?? 0), ...noun.beside(change)] : [];
  const became = pending === undefined ? item : { pending };
  const answer = await input.answer?.(became);
  const answers = answer === undefined ? [] : [{ write: 'answer', answer } as const];
  const outcome = await committed(deps, tenant, withGuards(environments, [...put, ...writes, ...answers]));
  return outcome ?? became;
}

/** An item that the caller may change, in the version that they expect. Whoever may read nothing learns of none. */
async function writable<T extends Kept, F extends object>(
  deps: KeepingDeps,
  noun: Description<T, F>,
  { principal, ref, ifMatch }: By & { readonly ref: Ref; readonly ifMatch: IfMatch },
  becomes: 'another' | 'nothing',
): Promise<T | Refusal> {
  const unread = await allowed(deps, principal, noun, 'read', ref);
  if (unread !== undefined) return unread;
  const stored = await noun.storage.read(deps, principal.tenant, ref);
  if (stored === undefined) return missing(noun, ref);
  const names = noun.scope(stored, becomes === 'another' ? stored : undefined);
  const refusal =
    (await authorizeAll(deps, principal, noun.actions.write, names)) ?? unexpected(stored.version, ifMatch);
  return refusal ?? stored;
}

const known = (environments: readonly Environment[], names: readonly string[]): boolean =>
  names.every((name) => name === EVERY_ENVIRONMENT || findEnvironment(environments, name) !== undefined);

/** Whether the caller may read or write in all the environments that their words name. */
function allowed<T extends Kept, F extends object>(
  deps: KeepingDeps,
  principal: Principal,
  noun: Description<T, F>,
  what: 'read' | 'write',
  ref: Ref,
  fields?: F,
  stored?: T,
): Promise<Refusal | undefined> {
  const asked = { read: noun.actions.read, action: noun.actions[what] };
  return authorizeNamed(deps, principal, asked, () => noun.asked(ref, fields, stored));
}

/** Whether two items say the same but for their version and the time of the last change. */
function isSame<T extends Kept, F extends object>(
  { recorded }: Description<T, F>,
  stored: T,
  next: T,
): boolean {
  const said = (item: T) => canonicalJson({ ...recorded(item), version: 0, updated_at: '' });
  return said(stored) === said(next);
}

function full<T extends Kept, F extends object>({ words, type, limit }: Description<T, F>): Refusal {
  return refuse('limit_reached', `a tenant has at most ${limit} of the noun ${words}: delete one first`, {
    noun: type,
    limit,
  });
}

function missing<T extends Kept, F extends object>(
  { words }: Description<T, F>,
  { id, scope }: Ref,
): Refusal {
  const where = scope === undefined ? '' : ` on ${scope}`;
  return refuse('not_found', `there is no ${words} ${id}${where}`);
}
