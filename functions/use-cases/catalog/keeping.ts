import { type Change, nextChange, type Told } from '../../domain/audit/change.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import type { Action } from '../../domain/identity/roles.ts';
import { canonicalJson } from '../../domain/jcs.ts';
import { EVERY_ENVIRONMENT } from '../../domain/policy/merge.ts';
import { findEnvironment } from '../../domain/promotion/pipeline.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { StoredAnswer, Write } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import { answerWrite, committed, type IfMatch, unexpected } from '../engine/commit.ts';
import { type LOST, untilCommitted } from '../engine/until-committed.ts';
import type { Beside, Description, KeepingDeps, Kept, Ref } from './description.ts';
import { weakenedWrites } from './governed.ts';

type By = { readonly principal: Principal };
type Writing = By & { readonly reason?: string };

/** Reads an item. Refuses `not_authorized`, `unknown_environment`, `not_found`. */
export async function readItem<T extends Kept, F extends object>(
  deps: KeepingDeps,
  noun: Description<T, F>,
  { principal, ref }: By & { readonly ref: Ref },
): Promise<T | Refusal> {
  if (!noun.isOwn?.(principal, ref.id)) {
    const refusal = await allowed(deps, principal, noun, noun.actions.read, ref);
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

/** Creates an item. Refuses `not_authorized`, `unknown_environment`, `conflict`, `limit_reached`, and what the noun itself refuses. */
export async function createItem<T extends Kept, F extends object>(
  deps: KeepingDeps,
  noun: Description<T, F>,
  input: Writing & {
    readonly scope?: string;
    readonly fields: F;
    readonly answer?: (item: T) => StoredAnswer;
  },
): Promise<T | Refusal> {
  const { principal, fields } = input;
  const { tenant } = principal;
  const named = noun.named?.(fields);
  const id = named ?? (noun.prefix === undefined ? '' : deps.ids.next(noun.prefix));
  const ref = { id, ...(input.scope === undefined ? {} : { scope: input.scope }) };
  return untilCommitted<T | Refusal>(deps, async () => {
    const refusal = await allowed(deps, principal, noun, noun.actions.write, ref, fields);
    if (refusal !== undefined) return refusal;
    const turn = await takeTurn(deps, tenant);
    if (named !== undefined && (await noun.storage.read(deps, tenant, ref)) !== undefined) {
      return refuse('conflict', `the ${noun.words} ${id} already exists`, { id });
    }
    if ((await noun.storage.count(deps, tenant)) >= noun.limit) return full(noun);
    const now = deps.clock.now();
    // A name that was used before starts past all its versions: an `If-Match` from then fits no more.
    const version = named === undefined ? 1 : turn.next;
    const stamp = { version, created_at: now, updated_at: now };
    return kept(deps, noun, turn, { ...input, ref, stored: undefined, stamp, now });
  });
}

/**
 * Changes an item into what `fieldsOf` says, given the item as it stands. What is so already is no change. Refuses as `createItem`, and
 * `not_found`, `precondition_failed`, and what `fieldsOf` refuses.
 */
export async function changeItem<T extends Kept, F extends object>(
  deps: KeepingDeps,
  noun: Description<T, F>,
  input: Writing & {
    readonly ref: Ref;
    readonly fieldsOf: (stored: T) => F | Refusal;
    readonly ifMatch: IfMatch;
  },
): Promise<T | Refusal> {
  const { principal, ref } = input;
  return untilCommitted<T | Refusal>(deps, async () => {
    const stored = await writable(deps, noun, input, 'another');
    if (isRefusal(stored)) return stored;
    const turn = await takeTurn(deps, principal.tenant);
    const fields = input.fieldsOf(stored);
    if (isRefusal(fields)) return fields;
    const refusal = await allowed(deps, principal, noun, noun.actions.write, ref, fields, stored);
    if (refusal !== undefined) return refusal;
    const now = deps.clock.now();
    const stamp = { version: stored.version + 1, created_at: stored.created_at, updated_at: now };
    return kept(deps, noun, turn, { ...input, fields, stored, stamp, now });
  });
}

/** Deletes an item. Refuses `not_authorized`, `not_found`, `precondition_failed`, `in_use`. */
export async function deleteItem<T extends Kept, F extends object>(
  deps: KeepingDeps,
  noun: Description<T, F>,
  input: Writing & { readonly ref: Ref; readonly ifMatch: IfMatch },
): Promise<T | Refusal> {
  const { tenant } = input.principal;
  return untilCommitted<T | Refusal>(deps, async () => {
    const stored = await writable(deps, noun, input, 'nothing');
    if (isRefusal(stored)) return stored;
    const turn = await takeTurn(deps, tenant);
    const environments = await deps.catalog.all(tenant, 'environment');
    const change = { environments, before: stored, after: undefined };
    const held = (await noun.heldBy?.(deps, tenant, stored)) ?? (await noun.forbids?.(deps, tenant, change));
    if (held !== undefined) return held;
    const outcome = await committed(deps, tenant, [
      noun.storage.remove(stored),
      ...noun.beside(change),
      ...(await told(deps, noun, turn, input, { action: 'delete', ...change })),
    ]);
    return outcome ?? stored;
  });
}

/**
 * The newest change of a tenant, read before anything but the item itself is judged: every write of a noun appends the next one, so two
 * that judge the same things at once cannot both commit. Limits and names hold by it.
 */
type Turn = { readonly newest: Change | undefined; readonly next: number };

async function takeTurn(deps: KeepingDeps, tenant: string): Promise<Turn> {
  const newest = await deps.changes.newest(tenant);
  return { newest, next: (newest?.seq ?? 0) + 1 };
}

type Keeping<T, F> = Writing & {
  readonly ref: Ref;
  readonly fields: F;
  readonly stored: T | undefined;
  readonly stamp: Kept;
  readonly now: string;
  readonly answer?: (item: T) => StoredAnswer;
};

/** Makes the item, asks for the roles that it takes as it will be, and commits it with everything beside it. */
async function kept<T extends Kept, F extends object>(
  deps: KeepingDeps,
  noun: Description<T, F>,
  turn: Turn,
  input: Keeping<T, F>,
): Promise<T | Refusal | typeof LOST> {
  const { principal, stored } = input;
  const { tenant } = principal;
  const environments = await deps.catalog.all(tenant, 'environment');
  const item = await noun.make({ ...input, deps, tenant, environments });
  if (isRefusal(item)) return item;
  if (stored !== undefined && isSame(noun, stored, item)) return stored;
  const change = { environments, before: stored, after: item };
  const refusal =
    (await authorizeAll(deps, principal, noun.actions.write, noun.scope(stored, item))) ??
    (await noun.forbids?.(deps, tenant, change));
  if (refusal !== undefined) return refusal;
  const outcome = await committed(deps, tenant, [
    noun.storage.put(item, stored?.version ?? 0),
    ...noun.beside(change),
    ...(await told(deps, noun, turn, input, {
      action: stored === undefined ? 'create' : 'update',
      ...change,
    })),
    ...answerWrite(input.answer, item),
  ]);
  return outcome ?? item;
}

/** An item that the caller may change, in the version that they expect. Whoever may read nothing learns of none. */
async function writable<T extends Kept, F extends object>(
  deps: KeepingDeps,
  noun: Description<T, F>,
  { principal, ref, ifMatch }: By & { readonly ref: Ref; readonly ifMatch: IfMatch },
  becomes: 'another' | 'nothing',
): Promise<T | Refusal> {
  const unread = await allowed(deps, principal, noun, noun.actions.read, ref);
  if (unread !== undefined) return unread;
  const stored = await noun.storage.read(deps, principal.tenant, ref);
  if (stored === undefined) return missing(noun, ref);
  const names = noun.scope(stored, becomes === 'another' ? stored : undefined);
  const refusal =
    (await authorizeAll(deps, principal, noun.actions.write, names)) ?? unexpected(stored.version, ifMatch);
  return refusal ?? stored;
}

/**
 * Whether the caller may do something in all the environments that are named. The right to read is asked before any name is looked up,
 * so whoever may read nothing learns of no environment. Refuses `not_authorized`, `unknown_environment`.
 */
async function allowed<T extends Kept, F extends object>(
  deps: KeepingDeps,
  principal: Principal,
  noun: Description<T, F>,
  action: Action,
  ref: Ref,
  fields?: F,
  stored?: T,
): Promise<Refusal | undefined> {
  const unread = await authorize(deps, principal, noun.actions.read);
  if (unread !== undefined) return unread;
  const given = noun.asked(ref, fields, stored);
  if (given.every((name) => name === EVERY_ENVIRONMENT)) {
    return given.length === 0 ? undefined : authorize(deps, principal, action);
  }
  const names = namesOf(await deps.catalog.all(principal.tenant, 'environment'), given);
  return isRefusal(names) ? names : authorizeAll(deps, principal, action, names);
}

/** Asks for a role in each environment; `*` and none is the whole tenant. */
async function authorizeAll(
  deps: KeepingDeps,
  principal: Principal,
  action: Action,
  names: readonly string[],
): Promise<Refusal | undefined> {
  if (names.length === 0 || names.includes(EVERY_ENVIRONMENT)) return authorize(deps, principal, action);
  for (const name of new Set(names)) {
    const refusal = await authorize(deps, principal, action, name);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function namesOf(
  environments: readonly Environment[],
  given: readonly string[],
): readonly string[] | Refusal {
  const names: string[] = [];
  for (const one of given) {
    const name = one === EVERY_ENVIRONMENT ? one : findEnvironment(environments, one)?.name;
    if (name === undefined) {
      return refuse('unknown_environment', `there is no environment ${one}`, { name: one });
    }
    names.push(name);
  }
  return names;
}

/** The writes that append a change to the chain of its tenant and keep what it weakens. */
async function told<T extends Kept, F extends object>(
  deps: KeepingDeps,
  noun: Description<T, F>,
  { newest }: Turn,
  { principal, reason: given }: Writing,
  said: Pick<Told, 'action'> & Beside<T>,
): Promise<readonly Write[]> {
  const { action, before, after } = said;
  const subject = after ?? before;
  const reason = given ?? (subject === undefined ? undefined : noun.reasonOf?.(subject));
  const weakens = (await noun.weakens?.(deps, principal.tenant, said)) ?? [];
  const change = {
    action,
    ...(weakens.length === 0 ? {} : { weakens }),
    target: { type: noun.type, id: subject === undefined ? '' : noun.idOf(subject) },
    ...(reason === undefined ? {} : { reason }),
    ...(before === undefined ? {} : { before: noun.recorded(before) }),
    ...(after === undefined ? {} : { after: noun.recorded(after) }),
  };
  const next = nextChange(newest, change, { at: deps.clock.now(), actor: actorOf(principal) });
  return [{ write: 'change', change: next }, ...weakenedWrites(next, weakens)];
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
