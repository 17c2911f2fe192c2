import { ACME, type World } from '../handlers/api-world.ts';
import { commitRecorded } from '../support/recorded.ts';

const ALL = [{ role: 'admin' }, { role: 'developer' }, { role: 'promoter' }, { role: 'approver' }] as const;

/** Lets the one admin of the tenant do everything else too, by the operator’s act, on the record. */
export async function adminOfAll({ deps }: Pick<World, 'deps'>): Promise<void> {
  const before = await deps.directory.membership(ACME, 'admin');
  if (before === undefined) throw new Error('there is an admin');
  const membership = { ...before, grants: ALL, version: before.version + 1 };
  const told = {
    action: 'update',
    target: { type: 'member', id: 'admin' },
    before,
    after: membership,
  } as const;
  await commitRecorded(deps, ACME, told, { write: 'membership', membership, expected: before.version });
}
