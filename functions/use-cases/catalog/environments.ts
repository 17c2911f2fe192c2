import type { Told } from '../../domain/audit/change.ts';
import { recordedEnvironment } from '../../domain/audit/recorded.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { findEnvironment, inOrder } from '../../domain/promotion/pipeline.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { StoredAnswer, Write } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import { recordChange } from '../audit/record-change.ts';
import type { Deps } from '../deps.ts';
import { answerWrite, committed, type IfMatch, unexpected } from '../engine/commit.ts';
import { untilCommitted } from '../engine/until-committed.ts';
import type { CallLimits } from './callable.ts';
import { blankEnvironment, type EnvironmentFields, placed, withFields } from './environment-fields.ts';
import { checkedProviders } from './gate-settings.ts';
import { heldBy } from './in-use.ts';
import { pipelineTurn } from './pipeline-turn.ts';

type ReadDeps = Pick<Deps, 'catalog' | 'denials' | 'clock'>;
export type EnvironmentDeps = ReadDeps &
  Pick<Deps, 'changes' | 'transactions' | 'heads' | 'promotions' | 'random' | 'sleep'>;

/** The pipeline, first environment first. Refuses `not_authorized`. */
export async function listEnvironments(
  deps: ReadDeps,
  { principal }: { readonly principal: Principal },
): Promise<readonly Environment[] | Refusal> {
  const refusal = await authorize(deps, principal, 'read');
  return refusal ?? inOrder(await deps.catalog.all(principal.tenant, 'environment'));
}

/** Reads an environment by name or alias. Refuses `not_authorized`, `not_found`. */
export async function readEnvironment(
  deps: ReadDeps,
  { principal, name }: { readonly principal: Principal; readonly name: string },
): Promise<Environment | Refusal> {
  const environments = await listEnvironments(deps, { principal });
  if ('refused' in environments) return environments;
  return findEnvironment(environments, name) ?? missing(name);
}

/** Adds an environment. Refuses `not_authorized`, `conflict`, `reserved_name`, `invalid_request`. */
export async function createEnvironment(
  deps: EnvironmentDeps,
  input: {
    readonly principal: Principal;
    readonly name: string;
    readonly fields: EnvironmentFields;
    readonly limits: CallLimits;
    readonly answer?: (environment: Environment) => StoredAnswer;
  },
): Promise<Environment | Refusal> {
  const { principal, name, fields, limits, answer } = input;
  const { tenant } = principal;
  const refusal = await authorize(deps, principal, 'manage_catalog');
  if (refusal !== undefined) return refusal;
  return untilCommitted(deps, async () => {
    const others = await deps.catalog.all(tenant, 'environment');
    const now = deps.clock.now();
    const environment = withFields(blankEnvironment(name, others, now), fields, now);
    if (isRefusal(environment)) return environment;
    const refused = checkedProviders(environment.gates, { tenant, limits }) ?? placed(environment, others);
    if (refused !== undefined) return refused;
    const writes = [
      item(environment, 0),
      ...pipelineTurn(others, name),
      await told(deps, principal, { action: 'create', after: environment }),
      ...answerWrite(answer, environment),
    ];
    return (await committed(deps, tenant, writes)) ?? environment;
  });
}

/** Changes an environment. Refuses as `createEnvironment`, and `not_found`, `immutable`, `precondition_failed`. */
export async function updateEnvironment(
  deps: EnvironmentDeps,
  input: {
    readonly principal: Principal;
    readonly name: string;
    readonly change: EnvironmentFields & { readonly name?: string };
    readonly limits: CallLimits;
    readonly ifMatch: IfMatch;
  },
): Promise<Environment | Refusal> {
  const { name: rename, ...fields } = input.change;
  const telling = { action: 'update' } as const;
  return changed(deps, { ...input, telling }, 'manage_catalog', (environment, now) => {
    if (rename !== undefined && rename !== environment.name) {
      return refuse('immutable', 'heads and records name an environment: it cannot be renamed');
    }
    const next = withFields(environment, fields, now);
    if (isRefusal(next)) return next;
    const { principal, limits } = input;
    return checkedProviders(next.gates, { tenant: principal.tenant, limits }) ?? next;
  });
}

/** Locks an environment: nothing executes into it. Refuses `not_authorized`, `not_found`, `locked`. */
export async function lockEnvironment(
  deps: EnvironmentDeps,
  input: { readonly principal: Principal; readonly name: string; readonly reason: string },
): Promise<Environment | Refusal> {
  const telling = { action: 'lock', reason: input.reason } as const;
  return changed(deps, { ...input, telling, ifMatch: undefined }, 'lock', (environment, now) => {
    if (environment.lock !== undefined) {
      return refuse('locked', `${environment.name} is locked: ${environment.lock.reason}`, {
        lock: environment.lock,
      });
    }
    const lock = { reason: input.reason, by: input.principal.subject, at: now };
    return withFields({ ...environment, lock }, {}, now);
  });
}

/** Lifts a lock; where there is none nothing changes. Refuses `not_authorized`, `not_found`. */
export async function unlockEnvironment(
  deps: EnvironmentDeps,
  input: { readonly principal: Principal; readonly name: string; readonly reason?: string },
): Promise<Environment | Refusal> {
  const { reason } = input;
  const telling = { action: 'unlock', ...(reason === undefined ? {} : { reason }) } as const;
  return changed(deps, { ...input, telling, ifMatch: undefined }, 'lock', (environment, now) => {
    const { lock, ...unlocked } = environment;
    return lock === undefined ? environment : withFields(unlocked, {}, now);
  });
}

/** Takes an environment out. Refuses `not_authorized`, `not_found`, `in_use`, `precondition_failed`. */
export async function deleteEnvironment(
  deps: EnvironmentDeps,
  input: { readonly principal: Principal; readonly name: string; readonly ifMatch: IfMatch },
): Promise<Environment | Refusal> {
  const { principal } = input;
  const { tenant } = principal;
  return untilCommitted(deps, async () => {
    const environments = await deps.catalog.all(tenant, 'environment');
    const environment = findEnvironment(environments, input.name);
    if (environment === undefined) return (await authorize(deps, principal, 'read')) ?? missing(input.name);
    const refusal =
      (await authorize(deps, principal, 'manage_catalog')) ??
      unexpected(environment.version, input.ifMatch) ??
      (environments.length === 1
        ? refuse('in_use', `${environment.name} is the only environment`)
        : await heldBy(deps, tenant, environment.name));
    if (refusal !== undefined) return refusal;
    const writes: Write[] = [
      ...pipelineTurn(environments, environment.name),
      {
        write: 'catalog_delete',
        type: 'environment',
        id: environment.name,
        expected: environment.version,
      },
      await told(deps, principal, { action: 'delete', before: environment }),
    ];
    return (await committed(deps, tenant, writes)) ?? environment;
  });
}

/** What is said of a change beside what it changes. */
type Telling = Pick<Told, 'action' | 'reason'>;

type Alter = (environment: Environment, now: string) => Environment | Refusal;

async function changed(
  deps: EnvironmentDeps,
  input: {
    readonly principal: Principal;
    readonly name: string;
    readonly telling: Telling;
    readonly ifMatch: IfMatch;
  },
  action: 'manage_catalog' | 'lock',
  change: Alter,
): Promise<Environment | Refusal> {
  const { principal, name, ifMatch } = input;
  const { tenant } = principal;
  return untilCommitted<Environment | Refusal>(deps, async () => {
    const environments = await deps.catalog.all(tenant, 'environment');
    const stored = findEnvironment(environments, name);
    if (stored === undefined) return (await authorize(deps, principal, 'read')) ?? missing(name);
    const refusal =
      (await authorize(deps, principal, action, stored.name)) ?? unexpected(stored.version, ifMatch);
    if (refusal !== undefined) return refusal;
    const next = change(stored, deps.clock.now());
    if (isRefusal(next) || next === stored) return next;
    const others = environments.filter((other) => other.name !== stored.name);
    const misplaced = placed(next, others);
    if (misplaced !== undefined) return misplaced;
    const outcome = await committed(deps, tenant, [
      item(next, stored.version),
      await told(deps, principal, { ...input.telling, before: stored, after: next }),
      ...(stored.lock !== undefined && next.lock === undefined ? [opened(stored.name)] : []),
      // A lock says nothing of names and ranks: it takes no turn, and must not wait for one in an incident.
      ...(action === 'lock' ? [] : pipelineTurn(others, stored.name)),
    ]);
    return outcome ?? next;
  });
}

function told(
  deps: EnvironmentDeps,
  principal: Principal,
  { before, after, ...what }: Telling & { readonly before?: Environment; readonly after?: Environment },
): Promise<Write> {
  const id = after?.name ?? before?.name ?? '';
  return recordChange(deps, principal, {
    ...what,
    target: { type: 'environment', id },
    ...(before === undefined ? {} : { before: recordedEnvironment(before) }),
    ...(after === undefined ? {} : { after: recordedEnvironment(after) }),
  });
}

const opened = (environment: string): Write => ({ write: 'opened', environment });

const item = (environment: Environment, expected: number): Write => ({
  write: 'catalog',
  entry: { type: 'environment', item: environment },
  expected,
});

const missing = (name: string): Refusal => refuse('not_found', `there is no environment ${name}`);
