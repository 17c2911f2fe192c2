import { beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../functions/domain/identity/principal.ts';
import { ACME, START } from './api-world.ts';
import { admin, alice, as, dev, path, requested, stagedWorld, world } from './promotions-world.ts';

const POLICY = { name: 'strict', environments: ['production'] };

beforeEach(stagedWorld);

async function demand(policy: object): Promise<void> {
  expect((await admin('POST', '/api/v1/approval-policies', { ...POLICY, ...policy })).status).toBe(201);
}

async function member(subject: string, groups: readonly string[], role: Role = 'approver'): Promise<void> {
  const membership = {
    tenant: ACME,
    subject,
    user_id: subject,
    email: `${subject}@acme.com`,
    groups,
    grants: [{ role }],
    status: 'active',
    version: 1,
    created_at: START,
    updated_at: START,
  } as const;
  await world.commit(ACME, { write: 'membership', membership, expected: 0 });
}

const by = (subject: string, verb: string, id: string, body?: object) =>
  world.send({
    method: 'POST',
    path: `${path}/${id}/${verb}`,
    signer: { sub: subject },
    ...(body === undefined ? {} : { body }),
  });

/** What is missing, and why each of some people may not approve (`null`: they may). */
async function explained(id: string, ...people: readonly string[]) {
  const { body } = await as('viewer')('GET', `${path}/${id}/approvals`);
  const told: readonly { subject: string; why: string | null }[] = body.people;
  const { required, complete, groups } = body;
  return {
    required,
    complete,
    groups: groups.map((each: { group: string; granted: number }) => `${each.group} ${each.granted}`),
    why: people.map((subject) => told.find((person) => person.subject === subject)?.why),
  };
}

describe('a policy that asks for two of release and one of security', () => {
  beforeEach(async () => {
    await member('rita', ['release']);
    await member('ralf', ['release']);
    await member('rosa', ['release']);
    await member('sara', ['security']);
    await member('tom', ['release'], 'developer');
    await demand({
      required_approvers: 3,
      groups: [
        { group: 'release', min: 2 },
        { group: 'security', min: 1 },
      ],
    });
  });

  it('is met by just those, and says at every step who may still complete it', async () => {
    const id = await requested();
    expect(await explained(id, 'rita', 'sara', 'dev', 'tom')).toEqual({
      required: 3,
      complete: false,
      groups: ['release 0', 'security 0'],
      why: [null, null, 'separation_of_duties', undefined],
    });
    for (const [who, count] of [
      ['rita', ['release 1', 'security 0']],
      ['ralf', ['release 2', 'security 0']],
    ] as const) {
      expect((await by(who, 'approve', id)).body).toMatchObject({ status: 'pending' });
      expect(await explained(id, who, 'sara')).toEqual({
        required: 3,
        complete: false,
        groups: count,
        why: ['approved_already', null],
      });
    }
    expect((await by('sara', 'approve', id)).body).toMatchObject({ status: 'approved', approved_by: 'sara' });
    expect(await explained(id, 'rosa')).toMatchObject({ complete: true, why: ['already_decided'] });
  });

  it('is not met by three of release, nor by whoever lacks the role', async () => {
    const id = await requested();
    for (const who of ['rita', 'ralf', 'rosa']) await by(who, 'approve', id);
    expect((await by('tom', 'approve', id)).status).toBe(403);
    expect(await explained(id)).toMatchObject({ complete: false, groups: ['release 3', 'security 0'] });
    expect((await dev('GET', `${path}/${id}`)).body).toMatchObject({ status: 'pending' });
    expect((await dev('POST', `${path}/${id}/execute`)).status).toBe(409);
    expect((await by('sara', 'approve', id)).body).toMatchObject({ status: 'approved' });
  });
});

describe('a policy that asks for a comment', () => {
  it('takes no approval without one, and shows those it took', async () => {
    await demand({ require_comment: true });
    const id = await requested();
    for (const body of [undefined, {}, { comment: '  ' }]) {
      expect(await alice('POST', `${path}/${id}/approve`, body), JSON.stringify(body)).toMatchObject({
        status: 422,
        body: { code: 'comment_required' },
      });
    }
    expect(await explained(id, 'alice')).toMatchObject({ complete: false, why: [null] });
    await alice('POST', `${path}/${id}/approve`, { comment: 'read the diff' });
    const { granted } = (await dev('GET', `${path}/${id}/approvals`)).body;
    expect(granted).toMatchObject([{ comment: 'read the diff' }]);
    expect(await explained(id, 'alice')).toMatchObject({ complete: true, why: ['already_decided'] });
  });
});

describe('a policy whose approvals expire', () => {
  it('takes them until the last millisecond, and from then on none', async () => {
    await demand({ expires_after: 'PT1H' });
    const [early, late] = [await requested(), await requested({ agent_id: 'agent-123', supersede: true })];
    expect((await dev('GET', `${path}/${early}`)).body).toMatchObject({ status: 'cancelled' });
    world.at('2026-11-21T09:59:59.999Z');
    expect(await explained(late, 'alice')).toMatchObject({ why: [null] });
    world.at('2026-11-21T10:00:00.000Z');
    expect(await explained(late, 'alice', 'dev')).toMatchObject({ why: ['expired', 'expired'] });
    expect(await alice('POST', `${path}/${late}/approve`)).toMatchObject({
      status: 409,
      body: { code: 'expired' },
    });
    expect((await dev('GET', `${path}/${late}`)).body).toMatchObject({ status: 'rejected' });
    expect(await explained(late, 'alice')).toMatchObject({ complete: false, why: ['already_decided'] });
  });

  it('closes also what was approved in time and not executed', async () => {
    await demand({ expires_after: 'PT1H' });
    const id = await requested();
    world.at('2026-11-21T09:59:59.999Z');
    expect((await alice('POST', `${path}/${id}/approve`)).body).toMatchObject({ status: 'approved' });
    world.at('2026-11-21T10:00:00.000Z');
    expect(await dev('POST', `${path}/${id}/execute`)).toMatchObject({ body: { code: 'expired' } });
    expect(world.deployed).toEqual([]);
  });
});
