import type { Gateway } from '../../domain/catalog/gateway.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { isReserved } from '../../domain/ids.ts';
import { findEnvironment } from '../../domain/promotion/pipeline.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { StoredAnswer, Write } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import { recordChange } from '../audit/record-change.ts';
import type { Deps } from '../deps.ts';
import { answerWrite, committed, type IfMatch, unexpected } from '../engine/commit.ts';
import { untilCommitted } from '../engine/until-committed.ts';
import type { CallLimits } from './callable.ts';
import { checkedGateway, type GatewayFields, withFields } from './gateway-fields.ts';
import { runningOn } from './in-use.ts';

type ReadDeps = Pick<Deps, 'catalog' | 'denials' | 'clock'>;
export type GatewayDeps = ReadDeps &
  Pick<Deps, 'changes' | 'transactions' | 'directory' | 'heads' | 'ids' | 'random' | 'sleep'>;

/** One page of the gateways. Refuses `not_authorized`. */
export async function listGateways(
  deps: ReadDeps,
  { principal, page }: { readonly principal: Principal; readonly page: PageRequest },
): Promise<Page<Gateway> | Refusal> {
  const refusal = await authorize(deps, principal, 'read');
  return refusal ?? deps.catalog.page(principal.tenant, 'gateway', page);
}

/** Reads a gateway. Refuses `not_authorized`, `not_found`. */
export async function readGateway(
  deps: ReadDeps,
  { principal, id }: { readonly principal: Principal; readonly id: string },
): Promise<Gateway | Refusal> {
  const refusal = await authorize(deps, principal, 'read');
  return refusal ?? (await deps.catalog.item(principal.tenant, 'gateway', id)) ?? missing(id);
}

/** Registers a gateway. Refuses `not_authorized`, `unknown_environment`, `reserved_name`, `conflict`, `invalid_request`. */
export async function createGateway(
  deps: GatewayDeps,
  input: {
    readonly principal: Principal;
    readonly id?: string;
    readonly environment: string;
    readonly fields: GatewayFields;
    readonly limits: CallLimits;
    readonly answer?: (gateway: Gateway) => StoredAnswer;
  },
): Promise<Gateway | Refusal> {
  const { principal, fields, answer } = input;
  const { tenant } = principal;
  const id = input.id ?? deps.ids.next('gw');
  if (isReserved(id)) return refuse('reserved_name', `${id} is a word of the API`, { name: id });
  return untilCommitted(deps, async () => {
    const environment = findEnvironment(await deps.catalog.all(tenant, 'environment'), input.environment);
    if (environment === undefined) {
      return refuse('unknown_environment', `there is no environment ${input.environment}`);
    }
    const refusal = await authorize(deps, principal, 'manage_catalog', environment.name);
    if (refusal !== undefined) return refusal;
    if ((await deps.catalog.item(tenant, 'gateway', id)) !== undefined) {
      return refuse('conflict', `there is a gateway ${id} already`, { id });
    }
    const now = deps.clock.now();
    const gateway = withFields(
      {
        id,
        environment: environment.name,
        driver: 'record',
        status: 'active',
        version: 1,
        created_at: now,
        updated_at: now,
      },
      fields,
    );
    const wrong = await checkedGateway(deps, tenant, gateway, input.limits);
    if (wrong !== undefined) return wrong;
    const writes: Write[] = [
      { write: 'catalog', entry: { type: 'gateway', item: gateway }, expected: 0 },
      // Nothing is placed in an environment that is being taken out.
      { write: 'check_guard', environment: environment.name, guard: environment.guard },
      await recordChange(deps, principal, {
        action: 'create',
        target: { type: 'gateway', id },
        after: gateway,
      }),
      ...answerWrite(answer, gateway),
    ];
    return (await committed(deps, tenant, writes)) ?? gateway;
  });
}

/** Changes a gateway. Refuses as `createGateway`, and `not_found`, `immutable`, `precondition_failed`. */
export async function updateGateway(
  deps: GatewayDeps,
  input: {
    readonly principal: Principal;
    readonly id: string;
    readonly change: GatewayFields & { readonly environment?: string };
    readonly limits: CallLimits;
    readonly ifMatch: IfMatch;
  },
): Promise<Gateway | Refusal> {
  const { principal, id, change } = input;
  const { tenant } = principal;
  return untilCommitted(deps, async () => {
    const stored = await deps.catalog.item(tenant, 'gateway', id);
    if (stored === undefined) return (await authorize(deps, principal, 'read')) ?? missing(id);
    const refusal =
      (await authorize(deps, principal, 'manage_catalog', stored.environment)) ??
      unexpected(stored.version, input.ifMatch) ??
      (await movedTo(deps, tenant, stored, change.environment));
    if (refusal !== undefined) return refusal;
    const gateway = {
      ...withFields(stored, change),
      version: stored.version + 1,
      updated_at: deps.clock.now(),
    };
    const wrong = await checkedGateway(deps, tenant, gateway, input.limits);
    if (wrong !== undefined) return wrong;
    const outcome = await committed(deps, tenant, [
      { write: 'catalog', entry: { type: 'gateway', item: gateway }, expected: stored.version },
      await recordChange(deps, principal, {
        action: 'update',
        target: { type: 'gateway', id },
        before: stored,
        after: gateway,
      }),
    ]);
    return outcome ?? gateway;
  });
}

/** Deletes a gateway on which nothing runs. Refuses `not_authorized`, `not_found`, `in_use`, `precondition_failed`. */
export async function deleteGateway(
  deps: GatewayDeps,
  input: { readonly principal: Principal; readonly id: string; readonly ifMatch: IfMatch },
): Promise<Gateway | Refusal> {
  const { principal, id } = input;
  const { tenant } = principal;
  return untilCommitted(deps, async () => {
    const stored = await deps.catalog.item(tenant, 'gateway', id);
    if (stored === undefined) return (await authorize(deps, principal, 'read')) ?? missing(id);
    const refusal =
      (await authorize(deps, principal, 'manage_catalog', stored.environment)) ??
      unexpected(stored.version, input.ifMatch) ??
      (await runningOn(deps, tenant, stored));
    if (refusal !== undefined) return refusal;
    const outcome = await committed(deps, tenant, [
      { write: 'catalog_delete', type: 'gateway', id, expected: stored.version },
      await recordChange(deps, principal, {
        action: 'delete',
        target: { type: 'gateway', id },
        before: stored,
      }),
    ]);
    return outcome ?? stored;
  });
}

async function movedTo(
  deps: Pick<Deps, 'catalog'>,
  tenant: string,
  gateway: Gateway,
  environment: string | undefined,
): Promise<Refusal | undefined> {
  if (environment === undefined) return undefined;
  const named = findEnvironment(await deps.catalog.all(tenant, 'environment'), environment);
  if (named?.name === gateway.environment) return undefined;
  return refuse('immutable', 'heads name a gateway with its environment: it cannot move');
}

const missing = (id: string): Refusal => refuse('not_found', `there is no gateway ${id}`);
