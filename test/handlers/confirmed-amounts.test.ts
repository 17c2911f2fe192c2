import { beforeEach, expect, it } from 'vitest';
import { memberOf } from '../../functions/use-cases/administration/found-tenant.ts';
import { ACME, createWorld, START, type World } from './api-world.ts';

let world: World;
const as = (sub: string) => (method: string, path: string, body?: object) =>
  world.send({ method, path, signer: { sub }, ...(body === undefined ? {} : { body }) });
const [admin, root] = [as('admin'), as('root')];
const POLICIES = '/api/v1/approval-policies';
const PENDING = '/api/v1/pending-changes';

const policy = async (required_approvers: number): Promise<string> => {
  const body = { name: `${required_approvers}`, environments: ['production'], required_approvers };
  return (await admin('POST', POLICIES, body)).body.id;
};
const ends = (from: string, to: string) =>
  expect.objectContaining({ environment: 'production', what: 'required_approvers', from, to });

/** Asks to delete a policy of five, beside one of four. */
async function asked(): Promise<{ readonly id: string; readonly four: string }> {
  const [five, four] = [await policy(5), await policy(4)];
  const { status, body } = await admin('DELETE', `${POLICIES}/${five}?reason=too+many`);
  expect(status).toBe(202);
  expect(body.weakens).toEqual([ends('5', '4')]);
  return { id: body.id, four };
}

beforeEach(async () => {
  world = await createWorld();
  const member = {
    subject: 'root',
    email: 'root@acme.com',
    groups: [],
    grants: [{ role: 'admin' }],
  } as const;
  await world.commit(ACME, { write: 'membership', membership: memberOf(ACME, member, START), expected: 0 });
  world.at('2026-11-22T09:00:00.000Z');
});

it('who confirms "5 → 4" gets 4, and the record says so', async () => {
  const { id } = await asked();
  expect((await root('POST', `${PENDING}/${id}/confirm`)).status).toBe(200);
  const [newest] = (await admin('GET', '/api/v1/audit/changes?limit=1')).body.items;
  expect(newest).toMatchObject({ action: 'delete', confirmed_by: { subject: 'root' } });
  expect(newest.weakens).toEqual([ends('5', '4')]);
});

it('who confirms "5 → 4" never gets 1, and is told both', async () => {
  const { id, four } = await asked();
  // As long as five are asked for, this weakens nothing.
  expect((await admin('PATCH', `${POLICIES}/${four}`, { required_approvers: 1 })).status).toBe(200);
  const refused = await root('POST', `${PENDING}/${id}/confirm`);
  expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } });
  expect(refused.body.asked).toEqual([ends('5', '4')]);
  expect(refused.body.weakens).toEqual([ends('5', '1')]);
  expect((await admin('GET', POLICIES)).body.items).toHaveLength(2);
});

it('who confirms "5 → 4" gets what is stricter by then', async () => {
  const { id, four } = await asked();
  await admin('PATCH', `${POLICIES}/${four}`, { required_approvers: 5 });
  expect((await root('POST', `${PENDING}/${id}/confirm`)).status).toBe(200);
});

it('what was asked for before amounts were kept is covered by its name', async () => {
  const { id, four } = await asked();
  await admin('PATCH', `${POLICIES}/${four}`, { required_approvers: 1 });
  const stored = await world.deps.catalog.item(ACME, 'pending_change', id);
  if (stored === undefined) throw new Error(`there is no ${id}`);
  const weakens = stored.weakens.map(({ environment, what, kinds }) => ({ environment, what, kinds }));
  const item = { ...stored, weakens, version: stored.version + 1 };
  await world.commit(ACME, {
    write: 'catalog',
    entry: { type: 'pending_change', item },
    expected: stored.version,
  });
  expect((await root('POST', `${PENDING}/${id}/confirm`)).status).toBe(200);
});
