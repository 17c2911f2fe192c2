import { beforeEach, describe, expect, it } from 'vitest';
import { ACME } from './api-world.ts';
import { browser } from './browser.ts';
import { happened, mailed, signedIn } from './links-world.ts';
import { admin, alice, dev, path, requested, stagedWorld, world } from './promotions-world.ts';

beforeEach(stagedWorld);

const granted = async (id: string) =>
  (await happened(world, id)).filter((type) => type === 'ApprovalGranted').length;

describe('the page of an approval link', () => {
  it('shows what is asked to whoever has it, and decides nothing before it is known who that is', async () => {
    const id = await requested();
    const { link } = await mailed(world, id);
    const page = await browser(world).get(link);
    expect(page.status).toBe(200);
    for (const shown of [
      'Promote agent agent-123 from staging to production?',
      'dev@acme.com',
      id,
      'sha256:',
    ])
      expect(page.body).toContain(shown);
    expect(page.body).toContain(`href="/sign-in?return=${link}"`);
    expect(page.body).not.toContain('<form');
    const own = await (await signedIn(world, 'alice')).get(link);
    expect(own.body).toContain('You decide as alice@acme.com');
  });

  it('lets nothing run, frame, cache or tell where it is', async () => {
    const { link } = await mailed(world, await requested());
    const { headers } = await browser(world).get(link);
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'/,
      ),
    });
  });

  it('changes nothing, however often scanners look at it', async () => {
    const id = await requested();
    const { link } = await mailed(world, id);
    const before = await happened(world, id);
    const scanner = browser(world);
    const looks = Array.from({ length: 50 }, () => [scanner.get(link), scanner.head(link)]).flat();
    for (const { status } of await Promise.all(looks)) expect(status).toBe(200);
    expect((await scanner.head(link)).body).toBeNull();
    expect(await happened(world, id)).toEqual(before);
    expect((await (await signedIn(world, 'alice')).decide(link, 'approve')).status).toBe(200);
  });

  it('is not found for a wrong token, whatever is wrong with it', async () => {
    const { link } = await mailed(world, await requested());
    const wrong = [`${link.slice(0, -1)}-`, '/approvals/a', `/approvals/${'a'.repeat(43)}`, `${link}a`];
    const pages = await Promise.all(wrong.map((each) => browser(world).get(each)));
    for (const page of pages) expect(page).toMatchObject({ status: 404, body: pages[0]?.body });
    const answer = await world.send({ method: 'POST', path: wrong[2] ?? '', body: { decision: 'approve' } });
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});

describe('a decision by link', () => {
  it('is the approver’s own act, with the way it came in the record', async () => {
    const id = await requested();
    const { link } = await mailed(world, id);
    const done = await (await signedIn(world, 'alice')).decide(link, 'approve', 'looks right');
    expect(done.status).toBe(200);
    expect(done.body).toContain('You approved');
    const events = await world.deps.promotions.events(ACME, id);
    const approval = events.find(({ event }) => event.type === 'ApprovalGranted');
    expect(approval?.actor).toMatchObject({
      subject: 'alice',
      kind: 'person',
      via: { channel: 'email', link_id: expect.stringMatching(/^link-/) },
    });
    expect((await dev('GET', `${path}/${id}`)).body.status).toBe('approved');
    const { items } = (await dev('GET', `${path}/${id}/timeline`)).body;
    expect(items.find((one: { type: string }) => one.type === 'ApprovalGranted').actor.via.channel).toBe(
      'email',
    );
  });

  it.each([
    ['reject', 'You rejected', 'rejected'],
    ['request_changes', 'You asked for changes', 'pending'],
  ])('%s takes a reason, and keeps what was written when it is missing', async (decision, title, status) => {
    const id = await requested();
    const { link } = await mailed(world, id);
    const own = await signedIn(world, 'alice');
    const missing = await own.decide(link, decision, '  ');
    expect(missing.status).toBe(422);
    expect(missing.body).toContain('Your decision was not recorded');
    const done = await own.decide(link, decision, 'not on a Friday');
    expect(done).toMatchObject({ status: 200, body: expect.stringContaining(title) });
    expect((await dev('GET', `${path}/${id}`)).body).toMatchObject({ status });
  });

  it('happens once, when 100 are sent at once', async () => {
    const id = await requested();
    const { link } = await mailed(world, id);
    const own = await signedIn(world, 'alice');
    const answers = await Promise.all(Array.from({ length: 100 }, () => own.decide(link, 'approve')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, body } of answers.filter((one) => one.status !== 200)) {
      expect(status).toBe(410);
      expect(body).toContain('This link was used');
    }
    expect(await granted(id)).toBe(1);
  });

  it('happens once also where one approval is not enough', async () => {
    const policy = { name: 'two', environments: ['production'], required_approvers: 2 };
    expect((await admin('POST', '/api/v1/approval-policies', policy)).status).toBe(201);
    const id = await requested();
    const { link } = await mailed(world, id);
    const own = await signedIn(world, 'alice');
    const answers = await Promise.all(Array.from({ length: 20 }, () => own.decide(link, 'approve')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(410)]);
    expect(await granted(id)).toBe(1);
    expect((await own.decide(link, 'reject', 'changed my mind')).status).toBe(410);
  });

  it('takes a program with the approver’s token, and no other', async () => {
    const id = await requested();
    const { link } = await mailed(world, id);
    const post = (headers: Record<string, string>, cookies: readonly string[] = []) =>
      world.send({ method: 'POST', path: link, headers, cookies, body: { decision: 'approve' } });
    const bearer = async (claims: object) => ({
      authorization: `Bearer ${await world.issuer.sign({ ...claims })}`,
    });
    const accessToken = (sub: string) => ({
      sub,
      aud: undefined,
      client_id: 'client',
      token_use: 'access',
    });
    const session = await signedIn(world, 'alice');
    const refused = [
      await post({}),
      await post({}, [`__Host-sluice=${session.secret()}`]),
      await post({ authorization: 'Bearer a.b.c' }),
      await post(await bearer({ sub: 'alice' })),
      await post(await bearer({ ...accessToken('alice'), token_use: undefined })),
      await post(await bearer({ ...accessToken('alice'), aud: 'client' })),
      await post(await bearer({ ...accessToken('alice'), client_id: 'other' })),
      await post(await bearer({ ...accessToken('alice'), exp: 1 })),
    ];
    for (const answer of refused)
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(await post(await bearer(accessToken('bob')))).toMatchObject({
      status: 403,
      body: { code: 'link_not_yours' },
    });
    expect(await granted(id)).toBe(0);
    const mine = await post(await bearer(accessToken('alice')));
    expect(mine).toMatchObject({ status: 200, body: { id, status: 'approved' } });
    expect(await post(await bearer(accessToken('alice')))).toMatchObject({
      status: 410,
      body: { code: 'link_used' },
    });
  });
});

describe('whoever decides by a link', () => {
  it('may not be who requested it, as over the API', async () => {
    await admin('PATCH', '/api/v1/members/alice', { roles: [{ role: 'approver' }, { role: 'developer' }] });
    const id = (await requestedBy('alice')).body.id;
    const { link } = await mailed(world, id);
    const page = await (await signedIn(world, 'alice')).decide(link, 'approve');
    expect(page).toMatchObject({
      status: 403,
      body: expect.stringContaining('the requester of a promotion'),
    });
    expect((await alice('POST', `${path}/${id}/approve`)).body.code).toBe('separation_of_duties');
    const { items } = await world.deps.denials.list(ACME, { limit: 10 });
    expect(items[0]).toMatchObject({ code: 'separation_of_duties', actor: { subject: 'alice' } });
  });

  it('may not when the role is gone, or the membership', async () => {
    const id = await requested();
    const { link } = await mailed(world, id);
    const own = await signedIn(world, 'alice');
    await admin('PATCH', '/api/v1/members/alice', { roles: [{ role: 'viewer' }] });
    expect(await own.decide(link, 'approve')).toMatchObject({
      status: 403,
      body: expect.stringContaining('approver'),
    });
    await admin('DELETE', '/api/v1/members/alice');
    expect((await own.decide(link, 'approve')).status).toBe(403);
    expect(await granted(id)).toBe(0);
  });

  it('gives the comment that the policy asks for', async () => {
    await admin('POST', '/api/v1/approval-policies', {
      name: 'c',
      environments: ['production'],
      require_comment: true,
    });
    const { link } = await mailed(world, await requested());
    const own = await signedIn(world, 'alice');
    expect(await own.decide(link, 'approve')).toMatchObject({ status: 422 });
    expect((await own.decide(link, 'approve', 'yes')).status).toBe(200);
  });

  it('sends the form of the own session', async () => {
    const id = await requested();
    const { link } = await mailed(world, id);
    const own = await signedIn(world, 'alice');
    const bob = await signedIn(world, 'bob');
    const { formToken } = await import('../../functions/domain/identity/session.ts');
    for (const csrf of ['', 'f'.repeat(64), formToken(bob.secret())]) {
      expect((await own.post(link, { decision: 'approve', csrf })).status).toBe(403);
    }
    expect((await browser(world).post(link, { decision: 'approve' })).status).toBe(401);
    expect(await granted(id)).toBe(0);
  });
});

const requestedBy = (name: 'alice') =>
  world.as(name)('POST', path, {
    agent_id: 'agent-123',
    source_deployment_id: 'dep-456',
    target_gateway_id: 'gw-789',
    target_environment: 'production',
  });
