import { afterAll, expect, it } from 'vitest';
import { memberOf } from '../../functions/use-cases/administration/found-tenant.ts';
import { ACME, START } from '../handlers/api-world.ts';
import { createCli, removeFolders } from './cli-world.ts';

afterAll(removeFolders);

it('a change that waits for a second admin exits with 15, and names what is to be confirmed', async () => {
  const cli = await createCli();
  const root = { subject: 'root', email: 'root@acme.com', groups: [], grants: [{ role: 'admin' }] } as const;
  const membership = memberOf(ACME, root, START);
  await cli.world.commit(ACME, { write: 'membership', membership, expected: 0 });
  const policy = { name: 'p', environments: ['production'], required_approvers: 2, groups: [] };
  const { id } = (await cli.world.as('admin')('POST', '/api/v1/approval-policies', policy)).body;
  const said = await cli.as('admin')('policies', 'delete', id, '--reason', 'over', '-o', 'json');
  expect(said.exit, said.out + said.err).toBe(15);
  const { error, pending_change } = JSON.parse(said.out);
  expect(error).toMatchObject({ code: 'second_admin', exit_code: 15 });
  const waiting = (await cli.world.as('admin')('GET', '/api/v1/pending-changes')).body.items;
  expect(waiting).toMatchObject([
    { id: pending_change.id, action: 'delete', target: { type: 'policy', id } },
  ]);
  expect(error.message).toContain(pending_change.id);
});
