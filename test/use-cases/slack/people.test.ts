import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../functions/domain/identity/principal.ts';
import {
  inviteSlackUser,
  linkSlackUser,
  listSlackLinks,
  readSlackInvitation,
  unlinkSlackUser,
} from '../../../functions/use-cases/slack/people.ts';
import { memorySlackPeople } from '../../support/memory/slack.ts';
import { appIdentity } from '../../support/slack-channels.ts';
import { createWorld, STORES, T0, TENANT, type World } from '../deployments/world.ts';
import { ADMIN, ALICE, BOB, VIEWER } from '../promotions/people.ts';
import { joined } from './members.ts';

const who = { tenant: TENANT, team: 'T1', user: 'U1', app: appIdentity };

async function stage(people: readonly Principal[] = [ALICE, BOB]) {
  const [memory] = STORES;
  if (memory === undefined) throw new Error('no store');
  const { stores } = await memory.open();
  const world: World = await createWorld(stores);
  for (const each of people) await joined(world, each);
  let tokens = 0;
  const unguessable = () => `token-${tokens++}`;
  const deps = { ...world.deps, slackPeople: memorySlackPeople(), unguessable };
  const link = async (subject: string, user = 'U1') =>
    linkSlackUser(deps, { subject, token: await inviteSlackUser(deps, { ...who, user }) });
  return { world, deps, link };
}

describe('an invitation', () => {
  it('links the Slack user to the member who accepts it, and is used up', async () => {
    const { deps } = await stage();
    const token = await inviteSlackUser(deps, who);
    expect(await readSlackInvitation(deps, token)).toMatchObject(who);
    const linked = { ...who, subject: 'alice', linked_at: T0 };
    expect(await linkSlackUser(deps, { token, subject: 'alice' })).toEqual(linked);
    const { app, ...stored } = linked;
    expect(await deps.slackPeople.linkOf(TENANT, who)).toEqual({ ...stored, apps: [app], version: 1 });
    expect(await linkSlackUser(deps, { token, subject: 'bob' })).toMatchObject({ refused: 'not_found' });
  });

  it('is gone after an hour, and says no more than one that never was', async () => {
    const { world, deps } = await stage();
    const token = await inviteSlackUser(deps, who);
    world.advance('PT59M');
    expect(await readSlackInvitation(deps, token)).toMatchObject(who);
    world.advance('PT1M');
    const late = await linkSlackUser(deps, { token, subject: 'alice' });
    expect(late).toMatchObject({ refused: 'not_found' });
    expect(late).toEqual(await linkSlackUser(deps, { token: 'guessed', subject: 'alice' }));
  });

  it('is of no use to whoever is no active member of its tenant, and not used up by trying', async () => {
    const { world, deps } = await stage([ALICE]);
    await joined(world, BOB, { status: 'inactive' });
    const token = await inviteSlackUser(deps, who);
    for (const subject of ['bob', 'carol']) {
      expect(await linkSlackUser(deps, { token, subject })).toMatchObject({ refused: 'not_authorized' });
    }
    expect(await linkSlackUser(deps, { token, subject: 'alice' })).toMatchObject({ subject: 'alice' });
  });

  it('keeps one Slack user to one member, and one member to one user of a team', async () => {
    const { link } = await stage();
    expect(await link('alice')).toMatchObject({ subject: 'alice' });
    expect(await link('bob')).toMatchObject({
      refused: 'conflict',
      detail: expect.stringContaining('another member'),
    });
    expect(await link('alice', 'U2')).toMatchObject({
      refused: 'conflict',
      detail: expect.stringContaining('another user'),
    });
  });
});

describe('a link', () => {
  it('is taken back by the member themselves, and may be made anew', async () => {
    const { deps, link } = await stage();
    await link('alice');
    expect(await listSlackLinks(deps, { principal: ALICE })).toHaveLength(1);
    expect(await unlinkSlackUser(deps, { principal: ALICE, team: 'T1' })).toMatchObject({ user: 'U1' });
    expect(await deps.slackPeople.linkOf(TENANT, who)).toBeUndefined();
    expect(await unlinkSlackUser(deps, { principal: ALICE, team: 'T1' })).toMatchObject({
      refused: 'not_found',
    });
    expect(await link('bob')).toMatchObject({ subject: 'bob' });
  });

  it('of somebody else is visible to and removable by admins only', async () => {
    const { deps, link } = await stage();
    await link('alice');
    for (const principal of [BOB, VIEWER]) {
      const whose = { principal, subject: 'alice' };
      expect(await listSlackLinks(deps, whose)).toMatchObject({ refused: 'not_authorized' });
      expect(await unlinkSlackUser(deps, { ...whose, team: 'T1' })).toMatchObject({
        refused: 'not_authorized',
      });
    }
    expect(await listSlackLinks(deps, { principal: ADMIN, subject: 'alice' })).toHaveLength(1);
    const elsewhere = { ...ADMIN, tenant: 'globex' };
    expect(await listSlackLinks(deps, { principal: elsewhere, subject: 'alice' })).toEqual([]);
    expect(await unlinkSlackUser(deps, { principal: ADMIN, subject: 'alice', team: 'T1' })).toMatchObject({
      subject: 'alice',
    });
  });
});
