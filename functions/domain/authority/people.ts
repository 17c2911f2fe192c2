import type { MachineIdentity } from '../identity/machine.ts';
import type { Membership } from '../identity/member.ts';
import { type Decider, weakenedPeople } from '../policy/weakening/who.ts';
import { KINDS } from '../subject.ts';
import type { Authority, Merged, World } from './class.ts';

/** Everybody who decides, decides everywhere that their roles reach. */
const everywhere = (_: object, { environments }: World) => environments.map(({ name }) => name);

function mergedPeople<T>(deciderOf: (item: T) => Decider): Merged<T> {
  return {
    is: 'grants',
    compares:
      'who decides in each environment: deciding roles, groups that a policy names, and who somebody is taken for',
    find: ({ before, after }, world) =>
      weakenedPeople(before && deciderOf(before), after && deciderOf(after), world),
  };
}

export const memberAuthority: Authority<Membership> = {
  members: {
    subject: 'fixed',
    user_id: 'fixed',
    email: 'merged',
    grants: 'merged',
    groups: 'merged',
    status: 'merged',
  },
  concerns: everywhere,
  kinds: KINDS,
  reads: ['hops'],
  merged: mergedPeople(({ email, grants, groups, status }) => {
    return { email, grants, groups, active: status === 'active' };
  }),
};

export const machineAuthority: Authority<MachineIdentity> = {
  members: {
    name: 'neutral',
    account: 'merged',
    role: 'merged',
    unique_id: 'merged',
    owner: 'merged',
    grants: 'merged',
    groups: 'merged',
  },
  concerns: everywhere,
  kinds: KINDS,
  reads: ['hops'],
  merged: mergedPeople(({ grants, groups, owner, account, role, unique_id }) => {
    const machine = { owner, identity: `${account}/${role}/${unique_id}` };
    return { email: '', grants, groups, active: true, machine };
  }),
};
