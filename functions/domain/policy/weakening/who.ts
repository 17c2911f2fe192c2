import type { Environment } from '../../catalog/environment.ts';
import { type Grant, ROLES, type Role } from '../../identity/principal.ts';
import { ACTIONS, type Action } from '../../identity/roles.ts';
import { KINDS } from '../../subject.ts';
import { type Governing, namedGroups, type Weakening } from './weakening.ts';

/** Someone who may decide: a member, or a machine. A member who is not active decides nothing. */
export type Decider = {
  readonly email: string;
  readonly grants: readonly Grant[];
  readonly groups: readonly string[];
  readonly active: boolean;
  /** Of a machine: who answers for it, and which IAM role it is. */
  readonly machine?: { readonly owner: string; readonly identity: string };
};

/** What decides, or changes what decides: any of these makes a role a deciding one. */
const DECIDING: readonly Action[] = [
  'approve',
  'execute',
  'schedule',
  'roll_back',
  'retry',
  'record_protected',
  'report_outcome',
  'settle_outcome',
  'edit_protected_config',
  'manage_catalog',
  'manage_members',
  'lock',
  'freeze',
  'manage_tenants',
];

/** The roles by which anybody decides on promotions, or on what governs them. */
export const DECIDING_ROLES: readonly Role[] = ROLES.filter((role) =>
  DECIDING.some((action) => {
    const roles: readonly Role[] = ACTIONS[action];
    return roles.includes(role);
  }),
);

/**
 * What changing one member or machine allows that was refused before: a deciding role or a named group that is given (the role `developer`
 * where reports decide what promotes by itself), a machine that is
 * bound to an IAM role or to an owner, an address of someone who decides (by it people are told apart), and every admin who is made,
 * demoted or removed. Absent is who is not there.
 */
export function weakenedPeople(
  before: Decider | undefined,
  after: Decider | undefined,
  governing: Governing,
): readonly Weakening[] {
  const [was, is] = [before, after].map((one) => (one?.active ? one : undefined));
  const admin = isAdmin(was) !== isAdmin(is);
  return governing.environments.flatMap((environment) => {
    const { name } = environment;
    const named = namedGroups(governing, environment);
    const had = rolesIn(was, name);
    const has = rolesIn(is, name);
    const given = has.filter(
      (role) => role !== 'admin' && DECIDING_ROLES.includes(role) && !had.includes(role),
    );
    const reports = reportingPlaces(governing, environment).some(
      (place) => rolesIn(is, place).includes('developer') && !rolesIn(was, place).includes('developer'),
    );
    const scoped = has.includes('admin') && !had.includes('admin') && !admin;
    const joined = is?.groups.filter((group) => named.has(group) && !was?.groups.includes(group)) ?? [];
    const acts = has.some((role) => role !== 'viewer');
    const bound = acts && is?.machine !== undefined && is.machine.identity !== was?.machine?.identity;
    const owned = acts && was !== undefined && is?.machine?.owner !== was.machine?.owner;
    const decides = has.some((role) => DECIDING_ROLES.includes(role));
    const moved = decides && was !== undefined && is !== undefined && was.email !== is.email;
    const whats = [
      ...given.map((role) => `role:${role}`),
      ...(reports ? ['role:developer'] : []),
      ...(scoped ? ['role:admin'] : []),
      ...joined.map((group) => `group:${group}`),
      ...(bound ? ['machine'] : []),
      ...(owned ? ['machine_owner'] : []),
      ...(moved ? ['email'] : []),
      ...(admin ? ['admin'] : []),
    ];
    return whats.map((what) => ({ environment: name, what, kinds: KINDS }));
  });
}

/** The environments whose reports decide what a rule promotes into a protected one by itself: both ends of the rule. */
function reportingPlaces({ rules }: Governing, environment: Environment): readonly string[] {
  if (!environment.protected) return [];
  return rules
    .filter((rule) => rule.auto_promote && rule.status === 'active')
    .filter(({ target_environment }) => target_environment === environment.name)
    .flatMap(({ source_environment }) => [source_environment, environment.name]);
}

function rolesIn(one: Decider | undefined, environment: string): readonly Role[] {
  const grants = one?.grants.filter(
    (grant) => grant.environment === undefined || grant.environment === environment,
  );
  return [...new Set(grants?.map(({ role }) => role) ?? [])];
}

function isAdmin(one: Decider | undefined): boolean {
  return one?.grants.some(({ role, environment }) => role === 'admin' && environment === undefined) ?? false;
}
