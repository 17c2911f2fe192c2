import { beforeEach, describe, expect, it } from 'vitest';
import { ACME } from './api-world.ts';
import { browser } from './browser.ts';
import { happened, mailed, signedIn } from './links-world.ts';
import { admin, dev, path, requested, stagedWorld, world } from './promotions-world.ts';

beforeEach(stagedWorld);

const granted = async (id: string) =>
  (await happened(world, id)).filter((type) => type === 'ApprovalGranted').length;

describe('a link that is no longer good', () => {
  it('was used: says so, and by what', async () => {
    const { link } = await mailed(world, await requested());
    await (await signedIn(world, 'alice')).decide(link, 'approve');
    const page = await browser(world).get(link);
    expect(page).toMatchObject({ status: 410, body: expect.stringContaining('This link was used') });
    expect(page.body).not.toContain('agent-123');
  });

  it('has expired with its promotion, to the millisecond, whether or not anything swept it', async () => {
    const id = await requested();
    const { link } = await mailed(world, id);
    const { expires_at } = (await dev('GET', `${path}/${id}`)).body;
    const own = await signedIn(world, 'alice');
    world.at(new Date(Date.parse(expires_at) - 1).toISOString());
    expect((await browser(world).get(link)).status).toBe(200);
    world.at(expires_at);
    expect(await browser(world).get(link)).toMatchObject({
      status: 410,
      body: expect.stringContaining('has expired'),
    });
    expect((await own.decide(link, 'approve')).status).toBe(410);
    expect(await granted(id)).toBe(0);
  });

  it('is revoked when the promotion is closed meanwhile', async () => {
    const id = await requested();
    const { link } = await mailed(world, id);
    const own = await signedIn(world, 'alice');
    expect((await own.get(link)).status).toBe(200);
    await dev('DELETE', `${path}/${id}`);
    const page = await own.decide(link, 'approve');
    expect(page).toMatchObject({ status: 410, body: expect.stringContaining('no longer good') });
    expect((await own.get(link)).status).toBe(410);
  });

  it('is revoked when the manifest changes between the look and the decision', async () => {
    const id = await requested();
    const { link } = await mailed(world, id);
    const own = await signedIn(world, 'alice');
    expect((await own.get(link)).status).toBe(200);
    await admin('POST', '/api/v1/approval-policies', {
      name: 'more',
      environments: ['production'],
      expires_after: 'P1D',
    });
    expect((await dev('POST', `${path}/${id}/validate`, { refresh: true })).status).toBe(200);
    const page = await own.decide(link, 'approve');
    expect(page).toMatchObject({ status: 410, body: expect.stringContaining('content has changed') });
    expect(await granted(id)).toBe(0);
    const again = await mailed(world, id);
    expect((await own.decide(again.link, 'approve')).status).toBe(200);
  });

  it('opens nothing for somebody else, who is told no more than that', async () => {
    const id = await requested();
    const { link } = await mailed(world, id);
    for (const name of ['bob', 'dev', 'carol'] as const) {
      const other = await signedIn(world, name);
      for (const page of [await other.get(link), await other.decide(link, 'approve')]) {
        expect(page).toMatchObject({ status: 403, body: expect.stringContaining('for somebody else') });
        // Their own address is no news to them.
        const address = name === 'carol' ? 'carol@globex.com' : `${name}@acme.com`;
        expect(String(page.body).replaceAll(address, '')).not.toMatch(/agent-123|alice|acme/);
      }
    }
    expect(await granted(id)).toBe(0);
    const { items } = await world.deps.denials.list(ACME, { limit: 10 });
    expect(items.map(({ actor, code }) => [actor.subject, code])).toEqual([
      ['dev', 'link_not_yours'],
      ['bob', 'link_not_yours'],
    ]);
  });
});
