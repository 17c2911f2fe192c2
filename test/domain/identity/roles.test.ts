import { describe, expect, it } from 'vitest';
import { type Principal, ROLES, type Role } from '../../../functions/domain/identity/principal.ts';
import { ACTIONS, type Action, may } from '../../../functions/domain/identity/roles.ts';

const having = (grants: Principal['grants'], kind: Principal['kind'] = 'person'): Principal => ({
  tenant: 'acme',
  subject: 'sub-1',
  email: 'one@acme.com',
  kind,
  groups: [],
  grants,
});

/** What each role may do. */
const TABLE: { readonly [role in Role]: readonly Action[] } = {
  viewer: ['read'],
  developer: [
    'read',
    'request',
    'validate',
    'resubmit',
    'attach_evidence',
    'cancel_own',
    'edit_config',
    'record',
    'report_metrics',
    'manage_consumers',
  ],
  promoter: ['read', 'cancel_own', 'cancel', 'execute', 'schedule', 'roll_back', 'retry'],
  approver: ['read', 'approve', 'reject', 'request_changes'],
  recorder: [
    'read',
    'record',
    'record_protected',
    'report_outcome',
    'report_metrics',
    'observe',
    'manage_consumers',
  ],
  auditor: ['read', 'read_audit'],
  sensitive_reader: ['read', 'read_sensitive'],
  admin: [
    'read',
    'read_sensitive',
    'cancel',
    'edit_config',
    'edit_protected_config',
    'read_audit',
    'manage_catalog',
    'manage_consumers',
    'manage_members',
    'lock',
    'freeze',
    'settle_outcome',
  ],
  operator: ['manage_tenants'],
};

const actions = Object.keys(ACTIONS).filter((action): action is Action => action in ACTIONS);

describe.each(ROLES)('a %s', (role) => {
  it('may do exactly what the design says', () => {
    const machine = having([{ role }], 'machine');
    expect(actions.filter((action) => may(machine, action)).sort()).toEqual([...TABLE[role]].sort());
  });

  it('of one environment may do it there, and elsewhere only read what belongs to none', () => {
    const local = having([{ role, environment: 'staging' }], 'machine');
    for (const action of TABLE[role]) {
      expect(may(local, action, 'staging')).toBe(true);
      expect(may(local, action, 'production')).toBe(false);
      expect(may(local, action)).toBe(action === 'read');
    }
  });
});

describe('a person with the role recorder', () => {
  it('records as anybody does, but neither in protected places nor outcomes of gateways', () => {
    const person = having([{ role: 'recorder' }]);
    expect(may(person, 'record')).toBe(true);
    expect(may(person, 'record_protected')).toBe(false);
    expect(may(person, 'report_outcome')).toBe(false);
  });
});

describe('nobody', () => {
  it('may do nothing', () => {
    expect(actions.filter((action) => may(having([]), action))).toEqual([]);
  });
});
