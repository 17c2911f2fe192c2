import { type Grant, SYSTEM } from '../../domain/identity/principal.ts';
import type { Channel } from '../../domain/notification/channel.ts';
import { DEFAULT_PIPELINE } from '../../domain/promotion/pipeline.ts';
import type { Membership, Tenant } from '../../ports/directory.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';

/** A person who is there from the beginning. */
export type Founder = {
  readonly subject: string;
  readonly user_id?: string;
  readonly email: string;
  readonly grants: readonly Grant[];
  readonly groups: readonly string[];
};

/**
 * Founds a tenant: its record, the default pipeline, mail for approvals and its first people (at most 90), in one commit.
 * `undefined`: there is a tenant of this id already, and nothing was written.
 */
export async function foundTenant(
  deps: Pick<Deps, 'transactions' | 'clock'>,
  {
    id,
    name,
    founders,
  }: { readonly id: string; readonly name: string; readonly founders: readonly Founder[] },
): Promise<Tenant | undefined> {
  const now = deps.clock.now();
  const tenant: Tenant = { id, name, created_at: now, version: 1 };
  const pipeline = DEFAULT_PIPELINE(now).map(
    (item): Write => ({ write: 'catalog', entry: { type: 'environment', item }, expected: 0 }),
  );
  const channel = approvalMailOf(id, now);
  const people = founders.map(
    (founder): Write => ({ write: 'membership', membership: memberOf(id, founder, now), expected: 0 }),
  );
  const result = await deps.transactions.commit(id, [
    { write: 'tenant', tenant, expected: 0 },
    ...pipeline,
    { write: 'catalog', entry: { type: 'channel', item: channel }, expected: 0 },
    ...people,
  ]);
  return result.committed ? tenant : undefined;
}

/** The channel that a tenant begins with: whoever may approve a promotion gets a mail that asks for it. */
function approvalMailOf(tenant: string, now: string): Channel {
  return {
    type: 'email',
    recipients: 'approvers',
    id: 'approvals-by-mail',
    tenant,
    name: 'Approvals by mail',
    filter: { events: ['approvalrequested'], environments: 'all', severities: 'all' },
    status: 'active',
    since: now,
    created_by: SYSTEM.subject,
    created_at: now,
    updated_at: now,
    version: 1,
  };
}

/** A founder's membership. */
export function memberOf(tenant: string, founder: Founder, now: string): Membership {
  const { subject, user_id = subject, email, grants, groups } = founder;
  return {
    tenant,
    subject,
    user_id,
    email,
    groups,
    grants,
    status: 'active',
    version: 1,
    created_at: now,
    updated_at: now,
  };
}
