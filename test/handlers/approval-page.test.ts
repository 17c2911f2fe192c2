import { beforeEach, describe, expect, it } from 'vitest';
import { createWorld, type World } from './api-world.ts';
import { mailed, signedIn } from './links-world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});

const LONG = (pool: number) => `postgres://db/${'a'.repeat(200)}?pool_max=${pool}&${'b'.repeat(200)}`;

/** A promotion of a long value that differs in one place, and of two new keys. */
async function asked(more: object = {}): Promise<string> {
  const [dev, admin] = [world.as('dev'), world.as('admin')];
  const config = '/api/v1/config/environments';
  await dev('PUT', `${config}/staging/configs/a.url`, { value: LONG(40) });
  await dev('PUT', `${config}/staging/configs/b.new`, { value: 1 });
  await dev('PUT', `${config}/staging/configs/c.new`, { value: 2 });
  await admin('PUT', `${config}/production/configs/a.url`, { value: LONG(20), reason: 'as it is' });
  const request = { targetEnvironment: 'production', promotionType: 'FULL', ...more };
  const { status, body } = await dev('POST', '/api/v1/config/promotions', request);
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id;
}

const pageFor = async (id: string) => {
  const { link, mail } = await mailed(world, id, 'alice', true);
  const alice = await signedIn(world, 'alice');
  return { alice, link, mail, text: String((await alice.get(link)).body) };
};

describe('the page on which an approver decides', () => {
  it('says how many keys change, and shows a long value where it differs, with the whole of it behind', async () => {
    const { text, mail } = await pageFor(await asked());
    expect(text).toContain('3 keys in production: 2 added, 1 modified');
    expect(text).toContain('?pool_max=<del>2</del><ins>4</ins>0&#38;');
    const [, whole = ''] = text.split('<summary>Show all</summary>');
    for (const pool of [20, 40]) expect(whole).toContain(LONG(pool).replace('&', '&#38;'));
    expect(mail.html).toContain('3 keys in production: 2 added, 1 modified');
  });

  it.each([
    [{ execution: 'automatic' }, 'With an approval it executes at once.'],
    [{ execution: 'manual' }, 'With an approval it waits for a person to execute it.'],
  ])('says of a request with %j what approving causes', async (more, effect) => {
    const { text, mail } = await pageFor(await asked(more));
    expect(text).toContain(effect);
    expect(mail.html).toContain(effect);
  });

  it('says when more approvals are needed, and from whom the last one has to come', async () => {
    await world.as('admin')('POST', '/api/v1/approval-policies', {
      name: 'two',
      environments: ['production'],
      required_approvers: 2,
      groups: [{ group: 'security', min: 1 }],
    });
    const id = await asked({ execution: 'automatic' });
    expect((await pageFor(id)).text).toContain('Another approval is needed after yours.');
    await world.as('bob')('POST', `/api/v1/promotions/${id}/approve`);
    expect((await pageFor(id)).text).toContain(
      'With an approval from somebody in security it executes at once.',
    );
  });

  it('names the time of a promotion that is scheduled', async () => {
    const id = await asked({ execution: 'automatic' });
    await world.as('dev')('POST', `/api/v1/promotions/${id}/schedule`, { at: '2026-11-22T18:00:00Z' });
    expect((await pageFor(id)).text).toContain('With an approval it executes at Sun 2026-11-22 18:00 UTC.');
  });

  it('leads to the promotion after the decision', async () => {
    const id = await asked();
    const { alice, link } = await pageFor(id);
    expect((await alice.decide(link, 'approve')).body).toContain(`href="/web/promotions/${id}"`);
  });

  it('lets somebody sign out who is signed in as another person', async () => {
    const { link } = await mailed(world, await asked());
    const bob = await signedIn(world, 'bob');
    const page = String((await bob.get(link)).body);
    const csrf = /name="csrf" value="([0-9a-f]{64})"/.exec(page)?.[1] ?? '';
    expect(page).toContain('action="/sign-out"');
    expect((await bob.post('/sign-out', { csrf })).status).toBe(200);
    expect((await bob.get(link)).body).toContain('Sign in to decide.');
  });
});
