import type { Principal, Role } from './principal.ts';

/**
 * What each action takes: any one of these roles, held in the tenant or in the environment concerned. The closed list of actions.
 * Separation of duties is asked before and no role is exempt from it. `record` is in an unprotected environment or for an empty head.
 */
export const ACTIONS = {
  read: ['viewer', 'developer', 'promoter', 'approver', 'recorder', 'auditor', 'sensitive_reader', 'admin'],
  /** People only: configuration is delivered to machines whole. */
  read_sensitive: ['sensitive_reader', 'admin'],
  request: ['developer'],
  validate: ['developer'],
  resubmit: ['developer'],
  attach_evidence: ['developer'],
  cancel_own: ['developer', 'promoter'],
  cancel: ['promoter', 'admin'],
  edit_config: ['developer', 'admin'],
  edit_protected_config: ['admin'],
  execute: ['promoter'],
  schedule: ['promoter'],
  roll_back: ['promoter'],
  retry: ['promoter'],
  approve: ['approver'],
  reject: ['approver'],
  request_changes: ['approver'],
  record: ['developer', 'recorder'],
  record_protected: ['recorder'],
  report_outcome: ['recorder'],
  /** Machines that look at what runs. */
  observe: ['recorder'],
  settle_outcome: ['admin'],
  report_metrics: ['developer', 'recorder'],
  read_audit: ['auditor', 'admin'],
  /** Which versions of artifacts are used where: recorded by who deploys there. */
  manage_consumers: ['developer', 'recorder', 'admin'],
  manage_catalog: ['admin'],
  manage_members: ['admin'],
  lock: ['admin'],
  freeze: ['admin'],
  manage_tenants: ['operator'],
} as const satisfies { readonly [action: string]: readonly Role[] };

export type Action = keyof typeof ACTIONS;

/** Actions that only a machine's role makes possible: a person with the role recorder records as anybody does. */
const MACHINES_ONLY: readonly Action[] = ['record_protected', 'report_outcome'];

/** The environments in which a principal's roles allow an action; `all` where a role in the whole tenant does. */
export function whereMay(principal: Principal, action: Action): 'all' | readonly string[] {
  const roles: readonly Role[] = ACTIONS[action];
  const places = principal.grants.flatMap(({ role, environment }) =>
    roles.includes(role) ? [environment] : [],
  );
  const named = places.filter((place) => place !== undefined);
  return named.length < places.length ? 'all' : [...new Set(named)].sort();
}

/** Whether a role that is held anywhere in the tenant allows an action. */
export function mayAnywhere(grants: Principal['grants'], action: Action): boolean {
  const roles: readonly Role[] = ACTIONS[action];
  return grants.some(({ role }) => roles.includes(role));
}

/**
 * Whether a principal's roles allow an action in an environment. Without an environment only a role held in the whole
 * tenant counts, but reading: whoever has any reading role may see what belongs to no environment.
 */
export function may(principal: Principal, action: Action, environment?: string): boolean {
  if (MACHINES_ONLY.includes(action) && principal.kind !== 'machine') return false;
  const roles: readonly Role[] = ACTIONS[action];
  return principal.grants.some(
    (grant) =>
      roles.includes(grant.role) &&
      (grant.environment === undefined ||
        (environment === undefined ? action === 'read' : grant.environment === environment)),
  );
}
