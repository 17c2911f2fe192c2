import { beforeEach, describe, expect, it } from 'vitest';
import { later } from '../ports/samples.ts';
import { ACME, createWorld, type World } from './api-world.ts';
import { channel as webhook } from './calls/bodies.ts';

const PATH = '/api/v1/notification-channels';

describe('notification channels', () => {
  let world: World;
  const admin = (...call: Parameters<ReturnType<World['as']>>) => world.as('admin')(...call);
  beforeEach(async () => {
    world = await createWorld();
  });
  const made = async (body: object = webhook) => (await admin('POST', PATH, body)).body;

  it('begin with mail to whoever may approve, when that is asked', async () => {
    const { body } = await world.as('viewer')('GET', PATH);
    expect(body).toMatchObject({
      next_cursor: null,
      items: [
        {
          id: 'approvals-by-mail',
          type: 'email',
          recipients: 'approvers',
          filter: { events: ['approvalrequested'], environments: 'all', severities: 'all' },
          status: 'active',
        },
      ],
    });
  });

  it('are created, read by their ETag, changed, and deleted', async () => {
    const created = await admin('POST', PATH, { ...webhook, filter: { environments: ['prod'] } });
    expect(created).toMatchObject({
      status: 201,
      headers: { location: `${PATH}/${created.body.id}`, etag: '"1"' },
      body: { filter: { events: 'all', environments: ['production'], severities: 'all' }, version: 1 },
    });
    const one = `${PATH}/${created.body.id}`;
    expect(await world.as('viewer')('GET', one)).toMatchObject({ status: 200, body: created.body });
    const match = { 'If-Match': '"7"' };
    expect(await admin('PATCH', one, { name: 'n' }, match)).toMatchObject({
      status: 412,
      body: { code: 'precondition_failed' },
    });
    const changed = await admin('PATCH', one, { name: 'n', filter: { severities: ['critical'] } });
    expect(changed.body).toMatchObject({
      name: 'n',
      version: 2,
      filter: { environments: ['production'], severities: ['critical'] },
    });
    expect((await admin('DELETE', one, undefined, match)).status).toBe(412);
    expect((await admin('DELETE', one)).status).toBe(204);
    expect((await admin('GET', one)).status).toBe(404);
  });

  it('are of every kind', async () => {
    const slack = { name: 's', type: 'slack' };
    const secrets = { bot_token_ref: 'sluice/acme/slack/bot', signing_secret_ref: 'sluice/acme/slack/sign' };
    for (const body of [
      { name: 'm', type: 'email', recipients: ['ops@acme.com'] },
      { ...slack, mode: 'incoming_webhook', url_ref: 'sluice/acme/slack/url' },
      { ...slack, mode: 'app', team_id: 'T1', channel_id: 'C1', ...secrets },
    ]) {
      expect(await made(body)).toMatchObject(body);
    }
  });

  it.each([
    [{ ...webhook, secret_ref: 'sluice/globex/webhook/hook' }, 'secret_ref'],
    [{ ...webhook, secret_ref: 'arn:aws:secretsmanager:x' }, 'secret_ref'],
    [{ ...webhook, url: 'http://hooks.acme.com/' }, 'url'],
    [{ ...webhook, url: 'http://127.0.0.1/' }, 'url'],
    [{ ...webhook, url: 'https://user:password@hooks.acme.com/' }, 'url'],
    [{ ...webhook, secret: 'whsec_x' }, 'secret'],
    [{ ...webhook, filter: { events: ['exploded'] } }, 'filter.events'],
    [{ ...webhook, muted_until: 'tomorrow' }, 'muted_until'],
    [{ name: 'm', type: 'email', recipients: [] }, 'recipients'],
    [{ name: 'm', type: 'pigeon' }, 'type'],
    [{ name: 's', type: 'slack', mode: 'incoming_webhook', url_ref: 'https://hooks.slack.com/x' }, 'url_ref'],
  ])('refuse %j', async (body, field) => {
    const answer = await admin('POST', PATH, body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(answer.body.errors[0].field).toContain(field);
  });

  it('refuse an environment that is not there, and more than fifty', async () => {
    const unknown = { ...webhook, filter: { environments: ['moon'] } };
    expect(await admin('POST', PATH, unknown)).toMatchObject({ body: { code: 'unknown_environment' } });
    for (let n = 1; n < 50; n += 1) expect((await admin('POST', PATH, webhook)).status).toBe(201);
    expect(await admin('POST', PATH, webhook)).toMatchObject({
      status: 409,
      body: { code: 'limit_reached', limit: 50 },
    });
  });

  it('keep their kind: a change names only what that kind has', async () => {
    const { id } = await made();
    for (const change of [{ recipients: 'approvers' }, { url_ref: 'sluice/acme/webhook/x' }]) {
      expect((await admin('PATCH', `${PATH}/${id}`, change)).status).toBe(400);
    }
    const moved = { url: 'https://new.acme.com/', secret_ref: 'sluice/acme/webhook/new' };
    expect((await admin('PATCH', `${PATH}/${id}`, moved)).body).toMatchObject(moved);
    expect((await admin('PATCH', `${PATH}/${id}`, { secret_ref: 'sluice/globex/webhook/x' })).status).toBe(
      400,
    );
  });

  it('hear from now on when they are unmuted, enabled again or widened, and otherwise as before', async () => {
    const { id } = await made({ ...webhook, muted_until: later(3600) });
    const since = async () => (await world.deps.catalog.item(ACME, 'channel', id))?.since;
    const born = await since();
    world.at(later(60));
    await admin('PATCH', `${PATH}/${id}`, { name: 'still muted' });
    expect(await since()).toBe(born);
    const unmuted = await admin('PATCH', `${PATH}/${id}`, { muted_until: null });
    expect(unmuted.body).toMatchObject({ muted_until: null });
    expect(await since()).toBe(later(60));
    world.at(later(120));
    await admin('PATCH', `${PATH}/${id}`, { status: 'disabled' });
    expect(await since()).toBe(later(60));
    await admin('PATCH', `${PATH}/${id}`, { status: 'active' });
    expect(await since()).toBe(later(120));
    world.at(later(180));
    await admin('PATCH', `${PATH}/${id}`, { filter: { events: ['failed'] } });
    expect(await since()).toBe(later(120));
    await admin('PATCH', `${PATH}/${id}`, { filter: { events: ['failed', 'completed'] } });
    expect(await since()).toBe(later(180));
  });

  it('are created once by one Idempotency-Key', async () => {
    const key = { 'Idempotency-Key': 'k' };
    const first = await admin('POST', PATH, webhook, key);
    const again = await admin('POST', PATH, webhook, key);
    expect(again.body).toEqual(first.body);
    expect((await admin('GET', PATH)).body.items).toHaveLength(2);
  });

  it('are recorded among the changes of what governs the tenant', async () => {
    const { id } = await made();
    expect(await world.deps.changes.newest(ACME)).toMatchObject({
      action: 'create',
      target: { type: 'channel', id },
      actor: { subject: 'admin' },
    });
  });

  describe('tried with a sample', () => {
    it('answer what happened, muted or disabled as they may be', async () => {
      const { id } = await made({ ...webhook, muted_until: later(3600) });
      await admin('PATCH', `${PATH}/${id}`, { status: 'disabled' });
      expect(await admin('POST', `${PATH}/${id}/test`)).toMatchObject({
        status: 200,
        body: { outcome: 'delivered', reason: null, reference: 'msg-1' },
      });
      world.sent = { outcome: 'gone', reason: 'the receiver answered 410' };
      expect((await admin('POST', `${PATH}/${id}/test`)).body).toEqual({
        outcome: 'gone',
        reason: 'the receiver answered 410',
        reference: null,
      });
      const [told] = world.told;
      expect(told?.notice).toMatchObject({ environment: 'sample', promotion: { status: 'cancelled' } });
    });

    it('mail whoever asks, in place of all approvers', async () => {
      await admin('POST', `${PATH}/approvals-by-mail/test`);
      expect(world.told[0]?.channel).toMatchObject({ recipients: ['admin@acme.com'] });
    });
  });

  it('show how their notices went, newest event first, page by page', async () => {
    const { id } = await made();
    for (const seq of [1, 2, 3]) {
      await world.deps.deliveries.record(
        { tenant: ACME, channel_id: id, promotion_id: 'prom-1' },
        {
          notice_id: `prom-1-${seq}`,
          seq,
          event_at: later(seq),
          verb: 'assessed',
          severity: 'info',
          environment: 'production',
          outcome: 'retry',
          reason: 'the receiver answered 500',
          at: later(9),
        },
      );
    }
    const first = await world.as('viewer')('GET', `${PATH}/${id}/deliveries?limit=2`);
    expect(first.body.items).toMatchObject([
      { notice_id: 'prom-1-3', event: 'assessed', outcome: 'retry', attempts: 1, reference: null },
      { notice_id: 'prom-1-2' },
    ]);
    const rest = await admin('GET', `${PATH}/${id}/deliveries?limit=2&cursor=${first.body.next_cursor}`);
    expect(rest.body).toMatchObject({ items: [{ notice_id: 'prom-1-1' }], next_cursor: null });
    const other = await made();
    const stolen = `${PATH}/${other.id}/deliveries?limit=2&cursor=${first.body.next_cursor}`;
    expect((await admin('GET', stolen)).status).toBe(400);
  });
});
