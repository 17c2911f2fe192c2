import type { Calls } from './call.ts';

export const administrationCalls: Calls = {
  searchAudit: { action: 'read_audit' },
  listDenials: { action: 'read_audit' },
  listChanges: { action: 'read_audit' },
  getCheckpoint: { action: 'read_audit' },
  exportAudit: { action: 'read_audit' },
  createMember: { body: { subject: 'new', email: 'new@acme.com' }, action: 'manage_members' },
  listMembers: { action: 'manage_members' },
  getMember: { action: 'manage_members' },
  updateMember: { body: { email: 'bob@acme.com', roles: [], groups: ['g'] }, action: 'manage_members' },
  patchMember: { body: { groups: ['g'] }, action: 'manage_members' },
  deleteMember: { action: 'manage_members' },
  createPrincipal: {
    body: { name: 'm', account: '123456789012', role: 'r', unique_id: 'AROANEW', owner: 'dev' },
    action: 'manage_members',
  },
  listPrincipals: { action: 'manage_members' },
  getPrincipal: { action: 'manage_members' },
  updatePrincipal: {
    body: {
      ...{ name: 'renamed', account: '123456789012', role: 'ci', unique_id: 'AROACI', owner: 'dev' },
      ...{ roles: [], groups: [] },
    },
    action: 'manage_members',
  },
  patchPrincipal: { body: { name: 'renamed' }, action: 'manage_members' },
  deletePrincipal: { action: 'manage_members' },
  createTenant: {
    body: { id: 'new', name: 'New', admin: { subject: 's', email: 's@new.com' } },
    action: 'manage_tenants',
  },
  listTenants: { action: 'manage_tenants' },
  getTenant: { action: 'manage_tenants' },
  updateTenant: { body: { name: 'Renamed' }, action: 'manage_tenants' },
  getHealth: { action: 'none' },
  getProblem: { action: 'none' },
  getOpenApi: { action: 'none' },
};
