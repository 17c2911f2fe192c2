import { beforeEach, describe, expect, it } from 'vitest';
import { ACME, START } from './api-world.ts';
import { admin, alice, as, bob, dev, path, requested, stagedWorld, world } from './promotions-world.ts';

beforeEach(stagedWorld);

describe('deciding', () => {
  it.each([undefined, '', {}, { comment: 'fine' }])('approves with the body %j', async (body) => {
    const id = await requested();
    world.at('2026-11-21T10:00:00.000Z');
    const approved = await alice('POST', `${path}/${id}/approve`, body);
    expect(approved).toMatchObject({
      status: 200,
      body: {
        status: 'approved',
        waiting_for: 'execution',
        approved_by: 'alice',
        approved_at: '2026-11-21T10:00:00.000Z',
        approvals: [{ subject: 'alice', email: 'alice@acme.com', kind: 'person' }],
      },
    });
  });

  it('keeps the requester from approving, before any role, and records the denial', async () => {
    const id = await requested();
    expect(await dev('POST', `${path}/${id}/approve`)).toMatchObject({
      status: 403,
      body: { code: 'separation_of_duties' },
    });
    expect(await as('viewer')('POST', `${path}/${id}/approve`)).toMatchObject({
      status: 403,
      body: { code: 'not_authorized', required: ['approver'] },
    });
    const denials = await world.deps.denials.list(ACME, { limit: 10 });
    expect(denials.items.map(({ actor, code }) => [actor.subject, code]).toSorted()).toEqual([
      ['dev', 'separation_of_duties'],
      ['viewer', 'not_authorized'],
    ]);
  });

  it('refuses another manifest than the one named', async () => {
    const id = await requested();
    const digest = `sha256:${'0'.repeat(64)}`;
    expect(await alice('POST', `${path}/${id}/approve`, { manifest_digest: digest })).toMatchObject({
      status: 409,
      body: { code: 'manifest_changed' },
    });
    expect(await alice('POST', `${path}/${id}/approve`, { manifest_digest: 'sha256:x' })).toMatchObject({
      status: 400,
    });
    const { manifest_digest } = (await dev('GET', `${path}/${id}/manifest`)).body;
    expect(await alice('POST', `${path}/${id}/approve`, { manifest_digest })).toMatchObject({ status: 200 });
  });

  it('rejects with a reason, and then nothing moves it', async () => {
    const id = await requested();
    for (const body of [undefined, '', {}, { reason: '' }]) {
      expect(await alice('POST', `${path}/${id}/reject`, body)).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'reason' }] },
      });
    }
    expect(
      await alice('POST', `${path}/${id}/reject`, { reason: 'Tests not passing on staging' }),
    ).toMatchObject({
      status: 200,
      body: { status: 'rejected', rejection_reason: 'Tests not passing on staging', closed_by: 'person' },
    });
    const before = (await dev('GET', `${path}/${id}/timeline`)).body;
    for (const verb of ['approve', 'execute', 'validate', 'resubmit']) {
      expect((await as('admin')('POST', `${path}/${id}/${verb}`)).status, verb).toBe(409);
    }
    expect(await bob('POST', `${path}/${id}/reject`, { reason: 'again' })).toMatchObject({
      status: 409,
      body: { code: 'already_decided' },
    });
    expect((await dev('GET', `${path}/${id}/timeline`)).body).toEqual(before);
  });

  it('gives back for changes and takes up again', async () => {
    const id = await requested();
    expect(await alice('POST', `${path}/${id}/request-changes`, { reason: 'name the owner' })).toMatchObject({
      body: { status: 'pending', waiting_for: 'changes', changes_requested: 'name the owner' },
    });
    expect(await dev('POST', `${path}/${id}/resubmit`)).toMatchObject({ body: { waiting_for: 'approval' } });
    expect(await dev('POST', `${path}/${id}/validate`, { refresh: true })).toMatchObject({ status: 200 });
  });

  it('schedules in any offset, unschedules, and cancels', async () => {
    const id = await requested();
    const at = '2026-11-22T10:00:00+02:00';
    expect(await dev('POST', `${path}/${id}/schedule`, { at, on_missed: 'fail' })).toMatchObject({
      status: 200,
      body: { status: 'pending', scheduled_at: '2026-11-22T08:00:00.000Z', on_missed: 'fail' },
    });
    expect(await dev('POST', `${path}/${id}/schedule`, { at: 'tomorrow' })).toMatchObject({ status: 400 });
    expect(await dev('DELETE', `${path}/${id}/schedule`)).toMatchObject({
      status: 200,
      body: { scheduled_at: null },
    });
    expect(await dev('DELETE', `${path}/${id}`)).toMatchObject({
      status: 200,
      body: { status: 'cancelled' },
    });
    expect(await dev('DELETE', `${path}/${id}`)).toMatchObject({ status: 409 });
  });

  it('closes an expired promotion on the next command', async () => {
    const id = await requested();
    world.at('2026-11-29T09:00:00.001Z');
    expect(await alice('POST', `${path}/${id}/approve`)).toMatchObject({
      status: 409,
      body: { code: 'expired' },
    });
    expect(await dev('GET', `${path}/${id}`)).toMatchObject({
      body: { status: 'rejected', closed_by: 'expiry' },
    });
  });
});

describe('executing', () => {
  it('is refused before approval and changes nothing', async () => {
    const id = await requested();
    const before = (await dev('GET', `${path}/${id}`)).body;
    expect(await dev('POST', `${path}/${id}/execute`)).toMatchObject({
      status: 409,
      body: { code: 'invalid_transition' },
    });
    expect((await dev('GET', `${path}/${id}`)).body).toEqual(before);
  });

  it('is accepted, runs, and is 200 once it is completed', async () => {
    const id = await requested();
    await alice('POST', `${path}/${id}/approve`);
    expect(await alice('POST', `${path}/${id}/execute`)).toMatchObject({ status: 403 });
    expect(await dev('POST', `${path}/${id}/execute`)).toMatchObject({
      status: 202,
      body: { status: 'approved' },
    });
    await world.run(id);
    const done = await dev('POST', `${path}/${id}/execute`);
    expect(done).toMatchObject({
      status: 200,
      body: { status: 'completed', target_deployment_id: expect.any(String), completed_at: START },
    });
    expect(await dev('GET', `/api/v1/deployments/${done.body.target_deployment_id}`)).toMatchObject({
      body: { environment: 'production', gateway_id: 'gw-789', status: 'DEPLOYED' },
    });
  });

  it('is refused while the target is locked', async () => {
    const id = await requested();
    await alice('POST', `${path}/${id}/approve`);
    await admin('POST', '/api/v1/environments/production/lock', { reason: 'incident' });
    expect(await dev('POST', `${path}/${id}/execute`)).toMatchObject({
      status: 423,
      body: { code: 'locked' },
    });
    await admin('POST', '/api/v1/environments/production/unlock', { reason: 'over' });
    expect(await dev('POST', `${path}/${id}/execute`)).toMatchObject({ status: 202 });
  });

  it('fails for good when the gateway refuses, and is tried again as a new one', async () => {
    await admin('PATCH', '/api/v1/gateways/gw-789', {
      ...{ driver: 'http', endpoint: 'https://gw.acme.com/', reason: 'it moved' },
    });
    world.at('2026-11-21T09:01:00.000Z');
    world.outcome = { outcome: 'refused', message: 'no such agent' };
    const id = await requested();
    expect(await dev('POST', `${path}/${id}/retry`)).toMatchObject({
      status: 409,
      body: { code: 'invalid_transition' },
    });
    await alice('POST', `${path}/${id}/approve`);
    await dev('POST', `${path}/${id}/execute`);
    await world.run(id);
    expect(await dev('GET', `${path}/${id}`)).toMatchObject({
      body: { status: 'failed', failure: { code: 'gateway_refused', target_state: 'unchanged' } },
    });
    expect(await alice('POST', `${path}/${id}/retry`)).toMatchObject({ status: 403 });
    const again = await dev('POST', `${path}/${id}/retry`);
    expect(again).toMatchObject({
      status: 201,
      headers: { location: `${path}/${again.body.id}` },
      body: { status: 'pending' },
    });
    expect(again.body.id).not.toBe(id);
  });
});
