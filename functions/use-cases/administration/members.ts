import type { Grant, Principal } from '../../domain/identity/principal.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Membership } from '../../ports/directory.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { StoredAnswer, Write } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import type { Deps } from '../deps.ts';
import { answerWrite, committed, type IfMatch, unexpected } from '../engine/commit.ts';
import { untilCommitted } from '../engine/until-committed.ts';
import { checkedGrants } from './grants.ts';
import { guardsOf } from './guards.ts';
import { isAdmin, lastAdmin } from './last-admin.ts';
import { takeTurn } from './turn.ts';

export type MemberDeps = Pick<
  Deps,
  'directory' | 'catalog' | 'transactions' | 'denials' | 'clock' | 'random' | 'sleep'
>;

/** What a caller says of a member; what is absent stays. */
export type MemberFields = {
  readonly email?: string;
  readonly roles?: readonly Grant[];
  readonly groups?: readonly string[];
  readonly status?: Membership['status'];
};

/** One page of the members. Refuses `not_authorized`. */
export async function listMembers(
  deps: MemberDeps,
  { principal, page }: { readonly principal: Principal; readonly page: PageRequest },
): Promise<Page<Membership> | Refusal> {
  const refusal = await authorize(deps, principal, 'manage_members');
  return refusal ?? deps.directory.members(principal.tenant, page);
}

/** Reads a member: oneself, or as an admin anyone. Refuses `not_authorized`, `not_found`. */
export async function readMember(
  deps: MemberDeps,
  { principal, subject }: { readonly principal: Principal; readonly subject: string },
): Promise<Membership | Refusal> {
  const own = principal.kind === 'person' && principal.subject === subject;
  const refusal = own ? undefined : await authorize(deps, principal, 'manage_members');
  return refusal ?? (await deps.directory.membership(principal.tenant, subject)) ?? missing(subject);
}

/** Makes somebody a member. Refuses `not_authorized`, `unknown_environment`, `conflict` for a member. */
export async function createMember(
  deps: MemberDeps,
  input: {
    readonly principal: Principal;
    readonly subject: string;
    readonly user_id?: string;
    readonly email: string;
    readonly fields: Omit<MemberFields, 'email'>;
    readonly answer?: (member: Membership) => StoredAnswer;
  },
): Promise<Membership | Refusal> {
  const { principal, subject, fields, email } = input;
  const { tenant } = principal;
  const refusal = await authorize(deps, principal, 'manage_members');
  if (refusal !== undefined) return refusal;
  return untilCommitted<Membership | Refusal>(deps, async () => {
    if ((await deps.directory.membership(tenant, subject)) !== undefined) {
      return refuse('conflict', `${subject} is a member already`, { subject });
    }
    const grants = await checkedGrants(deps, principal, fields.roles ?? []);
    if ('refused' in grants) return grants;
    const now = deps.clock.now();
    const membership: Membership = {
      tenant,
      subject,
      user_id: input.user_id ?? subject,
      email,
      groups: [...new Set(fields.groups ?? [])],
      grants,
      status: fields.status ?? 'active',
      version: 1,
      created_at: now,
      updated_at: now,
    };
    const outcome = await committed(deps, tenant, [
      { write: 'membership', membership, expected: 0 },
      ...answerWrite(input.answer, membership),
    ]);
    return outcome ?? membership;
  });
}

/** Changes a member. Refuses as `createMember`, and `not_found`, `precondition_failed`, `in_use` for the last active admin. */
export async function updateMember(
  deps: MemberDeps,
  input: {
    readonly principal: Principal;
    readonly subject: string;
    readonly change: MemberFields;
    readonly ifMatch: IfMatch;
  },
): Promise<Membership | Refusal> {
  const { principal, change } = input;
  return settled(deps, input, async (stored) => {
    const grants = change.roles && (await checkedGrants(deps, principal, change.roles, stored.grants));
    if (grants !== undefined && 'refused' in grants) return grants;
    const membership: Membership = {
      ...stored,
      email: change.email ?? stored.email,
      groups: change.groups === undefined ? stored.groups : [...new Set(change.groups)],
      grants: grants ?? stored.grants,
      status: change.status ?? stored.status,
      version: stored.version + 1,
      updated_at: deps.clock.now(),
    };
    return {
      after: membership,
      write: { write: 'membership', membership, expected: stored.version },
      loses: isAdmin(stored) && !isAdmin(membership),
    };
  });
}

/** Ends a membership. Refuses `not_authorized`, `not_found`, `precondition_failed`, `in_use` for the last active admin. */
export async function deleteMember(
  deps: MemberDeps,
  input: { readonly principal: Principal; readonly subject: string; readonly ifMatch: IfMatch },
): Promise<Membership | Refusal> {
  return settled(deps, input, async (stored) => ({
    write: { write: 'membership_delete', subject: stored.subject, expected: stored.version },
    loses: isAdmin(stored),
  }));
}

type Step = {
  /** Absent when the member leaves. */
  readonly after?: Membership;
  readonly write: Write;
  readonly loses: boolean;
};

async function settled(
  deps: MemberDeps,
  input: { readonly principal: Principal; readonly subject: string; readonly ifMatch: IfMatch },
  step: (stored: Membership) => Promise<Step | Refusal>,
): Promise<Membership | Refusal> {
  const { principal, subject } = input;
  const { tenant } = principal;
  const refusal = await authorize(deps, principal, 'manage_members');
  if (refusal !== undefined) return refusal;
  return untilCommitted<Membership | Refusal>(deps, async () => {
    const turn = await takeTurn(deps, tenant);
    const stored = await deps.directory.membership(tenant, subject);
    if (stored === undefined) return missing(subject);
    const stale = unexpected(stored.version, input.ifMatch);
    if (stale !== undefined) return stale;
    const next = await step(stored);
    if ('refused' in next) return next;
    const last = next.loses ? await lastAdmin(deps, stored) : undefined;
    if (last !== undefined) return last;
    // Two admins who take each other's role away at once would leave none: that takes the tenant's turn.
    const writes = [
      next.write,
      ...(next.loses ? [turn] : []),
      ...(await guardsOf(deps, tenant, stored, next.after)),
    ];
    return (await committed(deps, tenant, writes)) ?? next.after ?? stored;
  });
}

const missing = (subject: string): Refusal => refuse('not_found', `there is no member ${subject}`);
