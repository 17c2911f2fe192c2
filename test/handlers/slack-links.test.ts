import { beforeEach, describe, expect, it } from 'vitest';
import { inviteSlackUser } from '../../functions/use-cases/slack/people.ts';
import { appIdentity } from '../support/slack-channels.ts';
import { ACME, createWorld, GLOBEX, type World } from './api-world.ts';
import { browser } from './browser.ts';

const who = { tenant: ACME, team: 'T1', user: 'U1', app: appIdentity };
const ME = 'This is me';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});

const invited = async (change: { tenant?: string; called?: string } = {}) =>
  `/slack/link/${await inviteSlackUser(world.deps, { ...who, ...change })}`;
const linkOf = () => world.deps.slackPeople.linkOf(ACME, who);
const csrfIn = (page: string) => /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';

async function signedIn(sub: string) {
  const person = browser(world);
  await person.signIn(sub);
  return person;
}

describe('the page of an invitation', () => {
  it('asks to sign in first, and comes back', async () => {
    const path = await invited();
    const person = browser(world);
    expect((await person.get(path)).headers['location']).toBe(`/sign-in?return=${path}`);
    expect((await person.signIn('alice', path)).headers['location']).toBe(path);
  });

  it('says who would be linked to whom, and links with the button alone', async () => {
    const path = await invited({ called: 'al<b>' });
    const alice = await signedIn('alice');
    for (let time = 0; time < 3; time += 1) await alice.head(path);
    const page = await alice.get(path);
    for (const shown of ['al&#60;b&#62; (U1)', 'alice@acme.com', ME]) expect(page.body).toContain(shown);
    expect(await linkOf()).toBeUndefined();
    const done = await alice.post(path, { csrf: csrfIn(page.body) });
    expect([done.status, (await linkOf())?.subject]).toEqual([200, 'alice']);
  });

  it('does nothing for a form from elsewhere, or from another session', async () => {
    const path = await invited();
    const [alice, bob] = [await signedIn('alice'), await signedIn('bob')];
    const csrf = csrfIn((await bob.get(path)).body);
    for (const given of ['', 'guess', csrf])
      expect((await alice.post(path, { csrf: given })).status).toBe(403);
    expect((await browser(world).post(path, { csrf })).status).toBe(303);
    expect(await linkOf()).toBeUndefined();
  });

  it('is gone once it was used, has expired, or never was: all alike', async () => {
    const alice = await signedIn('alice');
    const used = await invited();
    const csrf = csrfIn((await alice.get(used)).body);
    await alice.post(used, { csrf });
    const late = await invited();
    world.at('2026-11-21T10:00:01.000Z');
    const answers = await Promise.all([used, late, '/slack/link/guess'].map((path) => alice.get(path)));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect((await alice.post(used, { csrf })).status).toBe(404);
  });

  it('links one of a hundred who press at once', async () => {
    const path = await invited();
    const people = await Promise.all(['alice', 'bob'].map(signedIn));
    const pages = await Promise.all(people.map((person) => person.get(path)));
    const posts = Array.from({ length: 100 }, (_, at) => {
      const [person, page] = [people[at % 2], pages[at % 2]];
      return person?.post(path, { csrf: csrfIn(page?.body ?? '') });
    });
    const statuses = (await Promise.all(posts)).map((answer) => answer?.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 404)).toHaveLength(99);
  });

  it('is of no use to members of other tenants, nor to whoever is linked already', async () => {
    const carol = await signedIn('carol');
    const path = await invited();
    expect((await carol.post(path, { csrf: csrfIn((await carol.get(path)).body) })).status).toBe(403);
    const alice = await signedIn('alice');
    const press = async (at: string) => alice.post(at, { csrf: csrfIn((await alice.get(at)).body) });
    expect((await press(path)).status).toBe(200);
    const bob = await signedIn('bob');
    const again = await invited();
    const taken = await bob.post(again, { csrf: csrfIn((await bob.get(again)).body) });
    expect([taken.status, (await linkOf())?.subject]).toEqual([409, 'alice']);
  });
});

describe('a link', () => {
  const links = '/api/v1/slack-links';

  beforeEach(async () => {
    const alice = await signedIn('alice');
    const path = await invited();
    await alice.post(path, { csrf: csrfIn((await alice.get(path)).body) });
  });

  it('is seen and taken back by the member', async () => {
    const alice = world.as('alice');
    expect((await alice('GET', links)).body.items).toMatchObject([
      {
        team_id: 'T1',
        user_id: 'U1',
        subject: 'alice',
        apps: [{ notification_channel: 'chan-app', app_id: 'A1' }],
      },
    ]);
    expect((await alice('DELETE', `${links}/T1`)).status).toBe(204);
    expect((await alice('DELETE', `${links}/T1`)).status).toBe(404);
    expect(await linkOf()).toBeUndefined();
  });

  it.each(['#', ' ', 'a#b', '%00', 'x'.repeat(300)])(
    'of a subject that cannot be is a bad request: %j',
    async (subject) => {
      const query = `?subject=${encodeURIComponent(subject)}`;
      for (const [method, path] of [
        ['GET', links],
        ['DELETE', `${links}/T1`],
      ] as const) {
        expect((await world.as('admin')(method, path + query)).status).toBe(400);
      }
    },
  );

  it('of another member is an admin’s to take back, of this tenant', async () => {
    expect((await world.as('bob')('DELETE', `${links}/T1?subject=alice`)).status).toBe(403);
    expect((await world.as('carol')('DELETE', `${links}/T1?subject=alice`)).status).toBe(404);
    expect((await world.as('carol')('GET', `${links}?subject=alice`)).body.items).toEqual([]);
    expect(GLOBEX).not.toBe(ACME);
    expect((await world.as('admin')('GET', `${links}?subject=alice`)).body.items).toHaveLength(1);
    expect((await world.as('admin')('DELETE', `${links}/T1?subject=alice`)).status).toBe(204);
  });
});
