import { homeOf } from '../../domain/identity/home.ts';
import type { Membership } from '../../domain/identity/member.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Directory } from '../../ports/directory.ts';
import { machinePrincipal, memberPrincipal } from '../../use-cases/access/principals.ts';
import type { Call, TokenClaims } from './event.ts';

/** No identity at all, or one that the directory cannot read: 401 rather than a refusal. */
export const UNAUTHENTICATED = 'unauthenticated';

/**
 * Who calls, as the directory knows them now. Of an access token only `sub` is trusted, of a signature only the role and its
 * unique id; tenant, roles, groups and e-mail come from the directory, read with every request.
 * The headers `X-Tenant-ID`, `X-User-ID` and `X-User-Email` may be left out; what they say must be true.
 */
export async function identify(
  call: Call,
  directory: Directory,
): Promise<Principal | Refusal | typeof UNAUTHENTICATED> {
  const { jwt, iam } = call.authorizer ?? {};
  if (iam !== undefined) return machine(call, iam, directory);
  const subject = jwt === undefined ? undefined : subjectOf(jwt.claims);
  if (subject === undefined) return UNAUTHENTICATED;
  return identifyMember(call, subject, directory);
}

/**
 * The subject of an access token. The gateway compares `client_id` with our client only where there is no `aud`, so an access token has
 * none; an ID token says who signed in, to the page that asked, and opens nothing here.
 */
function subjectOf({ sub, aud, client_id, token_use }: TokenClaims): string | undefined {
  if (token_use !== 'access' || aud !== undefined || typeof client_id !== 'string') return undefined;
  return typeof sub === 'string' && SUBJECT.test(sub) ? sub : undefined;
}

/** The member that a proven subject is, in the tenant that the call names or else in the oldest of theirs. */
export async function identifyMember(
  call: Call,
  subject: string,
  directory: Directory,
): Promise<Principal | Refusal> {
  const membership = await membershipOf(subject, call.headers['x-tenant-id'], directory);
  if ('refused' in membership) return membership;
  const { tenant, email, user_id, status } = membership;
  const untrue = mismatch(call, { tenant, user: user_id, email });
  if (untrue !== undefined) return untrue;
  if (status !== 'active') return refuse('not_authorized', 'your membership of this tenant is not active');
  return memberPrincipal(membership);
}

async function membershipOf(
  subject: string,
  tenant: string | undefined,
  directory: Directory,
): Promise<Membership | Refusal> {
  if (tenant !== undefined) {
    // A text that cannot be an id must not reach the store as part of a key.
    const found = isTenant(tenant) ? await directory.membership(tenant, subject) : undefined;
    return found ?? foreign();
  }
  const all = await directory.membershipsOf(subject);
  return homeOf(all) ?? all[0] ?? refuse('not_authorized', 'you are not a member of any tenant');
}

async function machine(
  call: Call,
  iam: {
    accountId?: string | null | undefined;
    userArn?: string | null | undefined;
    userId?: string | null | undefined;
  },
  directory: Directory,
): Promise<Principal | Refusal | typeof UNAUTHENTICATED> {
  const role = ASSUMED_ROLE.exec(iam.userArn ?? '')?.groups;
  const account = role?.['account'];
  const name = role?.['name'];
  // `AROA…:session`: the caller chooses what follows the colon.
  const unique = iam.userId?.split(':')[0];
  if (account === undefined || name === undefined || !unique || iam.accountId !== account) {
    return UNAUTHENTICATED;
  }
  const found = await directory.machineByIdentity(account, name, unique);
  if (found === undefined) return refuse('not_authorized', 'this role is not registered as a machine');
  return (
    mismatch(call, { tenant: found.tenant, user: found.id, email: undefined }) ?? machinePrincipal(found)
  );
}

type Known = { readonly tenant: string; readonly user: string; readonly email: string | undefined };

function mismatch({ headers }: Call, known: Known): Refusal | undefined {
  const tenant = headers['x-tenant-id'];
  if (tenant !== undefined && tenant !== known.tenant) return foreign();
  const user = headers['x-user-id'];
  if (user !== undefined && user !== known.user) return untrue('X-User-ID');
  const email = headers['x-user-email'];
  if (email !== undefined && email.toLowerCase() !== known.email?.toLowerCase())
    return untrue('X-User-Email');
  return undefined;
}

// The same words whether the tenant exists or not: nobody learns of tenants by asking.
const foreign = (): Refusal => refuse('tenant_mismatch', 'X-Tenant-ID is not one of your tenants');
const untrue = (header: string): Refusal =>
  refuse('tenant_mismatch', `${header} does not match your identity`);

/** Printable and without `#`, as the store's keys are. */
export const SUBJECT = /^[!-"$-~]{1,256}$/;
const SAFE = /^[A-Za-z0-9._-]{1,128}$/;
/** Whether a text can name a tenant. */
export const isTenant = (text: string): boolean => SAFE.test(text);
const ASSUMED_ROLE = /^arn:aws[a-z-]*:sts::(?<account>[0-9]{12}):assumed-role\/(?<name>[^/]+)\/[^/]+$/;
