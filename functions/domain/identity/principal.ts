import type { Via } from './via.ts';

/** What a role may do is written once, in `roles.ts`. */
export const ROLES = [
  'viewer',
  'developer',
  'promoter',
  'approver',
  'recorder',
  'auditor',
  'sensitive_reader',
  'admin',
  'operator',
] as const;
export type Role = (typeof ROLES)[number];

/** A role held in the whole tenant, or in one environment. */
export type Grant = { readonly role: Role; readonly environment?: string };

/** Who calls, as the directory knows them: nothing here is taken from a token but `subject`. */
export type Principal = {
  readonly tenant: string;
  readonly subject: string;
  readonly email: string;
  readonly kind: 'person' | 'machine';
  readonly groups: readonly string[];
  readonly grants: readonly Grant[];
  /** The person answerable for a machine: the same person for separation of duties. */
  readonly owner?: string;
  /** The way on which this one act came. */
  readonly via?: Via;
};

/** Who did something, as events record it. `system` is Sluice itself: a sweep, an expiry, a rule. */
export type Actor = {
  readonly subject: string;
  readonly email: string;
  readonly kind: 'person' | 'machine' | 'system';
  readonly owner?: string;
  readonly via?: Via;
};

/** The actor that a principal is in the record. */
export function actorOf(principal: Principal): Actor {
  const { subject, email, kind, owner, via } = principal;
  return {
    subject,
    email,
    kind,
    ...(owner === undefined ? {} : { owner }),
    ...(via === undefined ? {} : { via }),
  };
}

/** Sluice acting by itself. */
export const SYSTEM: Actor = { subject: 'sluice', email: '', kind: 'system' };
