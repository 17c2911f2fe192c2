import { recordedChannel, recordedEnvironment } from '../../domain/audit/recorded.ts';
import { DEFAULT_PIPELINE } from '../../domain/catalog/pipeline.ts';
import type { Membership } from '../../domain/identity/member.ts';
import { type Actor, type Grant, SYSTEM } from '../../domain/identity/principal.ts';
import type { Channel } from '../../domain/notification/channel.ts';
import type { Tenant } from '../../ports/directory.ts';
import type { Write } from '../../ports/transaction.ts';
import { recordChange } from '../audit/record-change.ts';
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
 * Founds a tenant: its record, the default pipeline, mail for approvals and its first people (at most 40), in one commit.
 * `undefined`: there is a tenant of this id already, and nothing was written.
 */
export async function foundTenant(
  deps: Pick<Deps, 'transactions' | 'changes' | 'clock'>,
  {
    id,
    name,
    founders,
    by,
  }: {
    readonly id: string;
    readonly name: string;
    readonly founders: readonly Founder[];
    readonly by: Actor;
  },
): Promise<Tenant | undefined> {
  const now = deps.clock.now();
  const tenant: Tenant = { id, name, created_at: now, version: 1 };
  const environments = DEFAULT_PIPELINE(now);
  const pipeline = environments.map(
    (item): Write => ({ write: 'catalog', entry: { type: 'environment', item }, expected: 0 }),
  );
  const channel = approvalMailOf(id, now);
  const memberships = founders.map((founder) => memberOf(id, founder, now));
  const people = memberships.map((membership): Write => ({ write: 'membership', membership, expected: 0 }));
  const after = {
    ...tenant,
    environments: environments.map(recordedEnvironment),
    channels: [recordedChannel(channel)],
    members: memberships,
  };
  const told = { action: 'create', target: { type: 'tenant', id }, after } as const;
  const result = await deps.transactions.commit(id, [
    { write: 'tenant', tenant, expected: 0 },
    ...pipeline,
    { write: 'catalog', entry: { type: 'channel', item: channel }, expected: 0 },
    ...people,
    await recordChange(deps, id, by, told),
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
