import type { Grant, Principal } from '../../domain/identity/principal.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { MachineIdentity } from '../../ports/directory.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { StoredAnswer } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import type { Deps } from '../deps.ts';
import { answerWrite, committed, type IfMatch, unexpected } from '../engine/commit.ts';
import { untilCommitted } from '../engine/until-committed.ts';
import { checkedGrants } from './grants.ts';
import { guardsOf } from './guards.ts';

export type MachineDeps = Pick<
  Deps,
  'directory' | 'catalog' | 'transactions' | 'denials' | 'clock' | 'ids' | 'random' | 'sleep'
>;

/** What a caller says of a machine; what is absent stays. */
export type MachineFields = {
  readonly name?: string;
  readonly account?: string;
  readonly role?: string;
  readonly unique_id?: string;
  readonly owner?: string;
  readonly roles?: readonly Grant[];
  readonly groups?: readonly string[];
};
type NewMachine = MachineFields &
  Required<Pick<MachineFields, 'name' | 'account' | 'role' | 'unique_id' | 'owner'>>;

/** One page of the machines. Refuses `not_authorized`. */
export async function listMachines(
  deps: MachineDeps,
  { principal, page }: { readonly principal: Principal; readonly page: PageRequest },
): Promise<Page<MachineIdentity> | Refusal> {
  const refusal = await authorize(deps, principal, 'manage_members');
  return refusal ?? deps.directory.machines(principal.tenant, page);
}

/** Reads a machine: itself, or as an admin anyone. Refuses `not_authorized`, `not_found`. */
export async function readMachine(
  deps: MachineDeps,
  { principal, id }: { readonly principal: Principal; readonly id: string },
): Promise<MachineIdentity | Refusal> {
  const own = principal.kind === 'machine' && principal.subject === id;
  const refusal = own ? undefined : await authorize(deps, principal, 'manage_members');
  return refusal ?? (await deps.directory.machine(principal.tenant, id)) ?? missing(id);
}

/** Registers a machine. Refuses `not_authorized`, `unknown_environment`, `invalid_request`, `conflict` for a role that is taken. */
export async function createMachine(
  deps: MachineDeps,
  input: {
    readonly principal: Principal;
    readonly id?: string;
    readonly fields: NewMachine;
    readonly answer?: (machine: MachineIdentity) => StoredAnswer;
  },
): Promise<MachineIdentity | Refusal> {
  const { principal, fields } = input;
  const { tenant } = principal;
  const refusal = await authorize(deps, principal, 'manage_members');
  if (refusal !== undefined) return refusal;
  const id = input.id ?? deps.ids.next('mach');
  return untilCommitted<MachineIdentity | Refusal>(deps, async () => {
    if ((await deps.directory.machine(tenant, id)) !== undefined) {
      return refuse('conflict', `there is a machine ${id} already`, { id });
    }
    const now = deps.clock.now();
    const machine = await described(
      deps,
      principal,
      { id, tenant, ...fields, grants: [], groups: [], version: 1, created_at: now, updated_at: now },
      fields,
    );
    if ('refused' in machine) return machine;
    const outcome = await committed(deps, tenant, [
      { write: 'machine', machine, expected: 0 },
      ...answerWrite(input.answer, machine),
    ]);
    return outcome ?? machine;
  });
}

/** Changes a machine. Refuses as `createMachine`, and `not_found`, `precondition_failed`. */
export async function updateMachine(
  deps: MachineDeps,
  input: {
    readonly principal: Principal;
    readonly id: string;
    readonly change: MachineFields;
    readonly ifMatch: IfMatch;
  },
): Promise<MachineIdentity | Refusal> {
  const { principal, change } = input;
  return stored(deps, input, async (before) => {
    const machine = await described(
      deps,
      principal,
      { ...before, version: before.version + 1, updated_at: deps.clock.now() },
      change,
    );
    if ('refused' in machine) return machine;
    const write = { write: 'machine', machine, expected: before.version } as const;
    const guards = await guardsOf(deps, principal.tenant, before, machine);
    return (await committed(deps, principal.tenant, [write, ...guards])) ?? machine;
  });
}

/** Deletes a machine. Refuses `not_authorized`, `not_found`, `precondition_failed`, `in_use` while a gateway is bound to it. */
export async function deleteMachine(
  deps: MachineDeps,
  input: { readonly principal: Principal; readonly id: string; readonly ifMatch: IfMatch },
): Promise<MachineIdentity | Refusal> {
  const { tenant } = input.principal;
  return stored(deps, input, async (before) => {
    const gateway = (await deps.catalog.all(tenant, 'gateway')).find((one) => one.principal === before.id);
    if (gateway !== undefined) {
      return refuse('in_use', `it reports for the gateway ${gateway.id}`, { gateway_id: gateway.id });
    }
    const write = { write: 'machine_delete', id: before.id, expected: before.version } as const;
    const guards = await guardsOf(deps, tenant, before);
    return (await committed(deps, tenant, [write, ...guards])) ?? before;
  });
}

async function stored(
  deps: MachineDeps,
  input: { readonly principal: Principal; readonly id: string; readonly ifMatch: IfMatch },
  step: (
    machine: MachineIdentity,
  ) => ReturnType<Parameters<typeof untilCommitted<MachineIdentity | Refusal>>[1]>,
): Promise<MachineIdentity | Refusal> {
  const { principal, id, ifMatch } = input;
  const refusal = await authorize(deps, principal, 'manage_members');
  if (refusal !== undefined) return refusal;
  return untilCommitted<MachineIdentity | Refusal>(deps, async () => {
    const machine = await deps.directory.machine(principal.tenant, id);
    if (machine === undefined) return missing(id);
    return unexpected(machine.version, ifMatch) ?? step(machine);
  });
}

/** A machine with fields changed: its owner a member, its role nobody else's. */
async function described(
  deps: MachineDeps,
  principal: Principal,
  machine: MachineIdentity,
  { roles, groups, ...fields }: MachineFields,
): Promise<MachineIdentity | Refusal> {
  const grants =
    roles === undefined ? machine.grants : await checkedGrants(deps, principal, roles, machine.grants);
  if ('refused' in grants) return grants;
  const next: MachineIdentity = {
    ...machine,
    ...fields,
    grants,
    groups: groups === undefined ? machine.groups : [...new Set(groups)],
  };
  const owner = await deps.directory.membership(machine.tenant, next.owner);
  if (owner === undefined) {
    return refuse('invalid_request', 'owner is no member of this tenant', {
      errors: [{ field: 'owner', problem: 'is no member of this tenant' }],
    });
  }
  const holder = await deps.directory.machineByIdentity(next.account, next.role, next.unique_id);
  if (holder === undefined || (holder.tenant === next.tenant && holder.id === next.id)) return next;
  return refuse('conflict', 'this IAM role is registered already', { unique_id: next.unique_id });
}

const missing = (id: string): Refusal => refuse('not_found', `there is no machine ${id}`);
