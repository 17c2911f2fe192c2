import type { Change } from '../../domain/audit/change.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import type { MachineIdentity } from '../../domain/identity/machine.ts';
import type { Membership } from '../../domain/identity/member.ts';
import { type Governing, type Weakening, weakenedHops } from '../../domain/policy/weakening/weakening.ts';
import { type Decider, weakenedPeople } from '../../domain/policy/weakening/who.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';
import type { Beside } from './description.ts';

type GoverningDeps = Pick<Deps, 'catalog' | 'directory'>;

/** What a change of an environment, a rule or a policy weakens. */
export async function weakensHops(
  deps: GoverningDeps,
  tenant: string,
  { environments }: Pick<Beside<unknown>, 'environments'>,
  becomes: (before: Governing) => Governing,
): Promise<readonly Weakening[]> {
  const before = await governing(deps, tenant, environments);
  const groups = new Set<string>();
  for await (const machine of everyItem((page) => deps.directory.machines(tenant, page))) {
    for (const group of machine.groups) groups.add(group);
  }
  return weakenedHops(before, becomes(before), [...groups]);
}

/** What a change of a member weakens. */
export async function weakensByMember(
  deps: GoverningDeps,
  tenant: string,
  { environments, before, after }: Beside<Membership>,
): Promise<readonly Weakening[]> {
  const decider = ({ email, grants, groups, status }: Membership): Decider => {
    return { email, grants, groups, active: status === 'active' };
  };
  return weakenedPeople(
    before && decider(before),
    after && decider(after),
    await governing(deps, tenant, environments),
  );
}

/** What a change of a machine weakens. */
export async function weakensByMachine(
  deps: GoverningDeps,
  tenant: string,
  { environments, before, after }: Beside<MachineIdentity>,
): Promise<readonly Weakening[]> {
  const decider = ({ grants, groups, owner, account, role, unique_id }: MachineIdentity): Decider => {
    const machine = { owner, identity: `${account}/${role}/${unique_id}` };
    return { email: '', grants, groups, active: true, machine };
  };
  return weakenedPeople(
    before && decider(before),
    after && decider(after),
    await governing(deps, tenant, environments),
  );
}

/** A list as it becomes when one item of it is written, or is no more. */
export function replaced<T>(
  all: readonly T[],
  before: T | undefined,
  after: T | undefined,
  idOf: (item: T) => string,
) {
  const others = all.filter((one) => before === undefined || idOf(one) !== idOf(before));
  return after === undefined ? others : [...others, after];
}

/**
 * What a change that weakens writes beside itself: each environment's own record of it, which promotions are held against, and the guard
 * by which an execution that has read those records already loses its claim.
 */
export function weakenedWrites(
  { seq, at, actor, target, confirmed_by }: Change,
  weakens: readonly Weakening[],
): readonly Write[] {
  const machines = target.type === 'machine' ? [target.id] : [];
  return [...new Set(weakens.map(({ environment }) => environment))].flatMap((environment): Write[] => {
    const here = weakens.filter((one) => one.environment === environment);
    const weakened = {
      seq,
      at,
      by: [actor, ...(confirmed_by === undefined ? [] : [confirmed_by])],
      machines,
      weakens: here.map(({ what, kinds }) => ({ what, kinds })),
    };
    return [
      { write: 'weakened', environment, weakened },
      { write: 'raise_guard', environment },
    ];
  });
}

async function governing(
  { catalog }: Pick<Deps, 'catalog'>,
  tenant: string,
  environments: readonly Environment[],
): Promise<Governing> {
  const [rules, policies] = await Promise.all([catalog.all(tenant, 'rule'), catalog.all(tenant, 'policy')]);
  return { environments, rules, policies };
}
