import type * as z from 'zod/mini';
import { machine } from '../domain/identity/machine.ts';
import { member } from '../domain/identity/member.ts';
import { resource } from './resource.ts';

/** People and machines of a tenant, and what they may do. */

export const MemberView = member.view;
export type MemberView = z.infer<typeof MemberView>;

export const MachineView = machine.view;
export type MachineView = z.infer<typeof MachineView>;

export const members = resource({
  governs: true,
  tag: 'members',
  words: 'a member',
  path: '/api/v1/members',
  key: 'subject',
  operations: {
    create: 'createMember',
    list: 'listMembers',
    get: 'getMember',
    replace: 'updateMember',
    remove: 'deleteMember',
  },
  body: member.body,
  demanded: ['roles', 'groups'],
  fixed: ['subject', 'user_id'],
  view: MemberView,
  errors: ['unknown_environment', 'in_use'],
  removal: ['in_use'],
});

export const machines = resource({
  governs: true,
  tag: 'principals',
  words: 'a machine',
  path: '/api/v1/principals',
  key: 'id',
  operations: {
    create: 'createPrincipal',
    list: 'listPrincipals',
    get: 'getPrincipal',
    replace: 'updatePrincipal',
    remove: 'deletePrincipal',
  },
  body: machine.body,
  demanded: ['roles', 'groups'],
  fixed: ['id'],
  view: MachineView,
  errors: ['unknown_environment'],
  removal: ['in_use'],
});
