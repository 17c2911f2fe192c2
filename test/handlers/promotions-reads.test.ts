import { beforeEach, describe, expect, it } from 'vitest';
import { CI } from './api-world.ts';
import { admin, as, dev, path, recorded, requested, stagedWorld, world } from './promotions-world.ts';

beforeEach(stagedWorld);

describe('reading', () => {
  it('lists newest first, by page and by filter', async () => {
    const agents = ['agent-a', 'agent-b', 'agent-c'];
    for (const [n, agent] of agents.entries()) {
      world.at(`2026-11-21T09:0${n + 1}:00.000Z`);
      await recorded(`dep-${agent}`, 'staging', agent);
      await requested({ agent_id: agent, source_deployment_id: `dep-${agent}` });
    }
    const first = (await dev('GET', `${path}?limit=2`)).body;
    expect(first.items.map(({ agent_id }: { agent_id: string }) => agent_id)).toEqual(['agent-c', 'agent-b']);
    const second = (await dev('GET', `${path}?limit=2&cursor=${first.next_cursor}`)).body;
    expect(second.items.map(({ agent_id }: { agent_id: string }) => agent_id)).toEqual(['agent-a']);
    expect(await dev('GET', `${path}?limit=2&agent_id=agent-a&cursor=${first.next_cursor}`)).toMatchObject({
      status: 400,
    });
    expect(
      (await dev('GET', `${path}?agent_id=agent-b&status=pending&kind=agent&target_environment=prod`)).body
        .items,
    ).toHaveLength(1);
    expect((await dev('GET', `${path}?status=completed`)).body.items).toEqual([]);
    expect(await dev('GET', `${path}?target_environment=moon`)).toMatchObject({ status: 404 });
    expect(await dev('GET', `${path}?status=lost`)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'status' }] },
    });
  });

  it('shows what was decided, and decides the same again', async () => {
    const id = await requested();
    const { decision, decision_digest } = (await dev('GET', `${path}/${id}/decision`)).body;
    expect(decision).toMatchObject({
      promotion_id: id,
      outcome: 'pending',
      approvals: { required: 1, granted: [] },
    });
    const replay = (await dev('POST', `${path}/${id}/decision/replay`)).body;
    expect(replay).toMatchObject({ recorded: decision_digest, replayed: decision_digest, same: true });
    const { body: timeline } = await dev('GET', `${path}/${id}/timeline`);
    const decided = timeline.items.filter((stored: { event: object }) => 'decision' in stored.event);
    expect(decided.length).toBeGreaterThan(0);
    for (const { seq, event } of decided) {
      const { body } = await dev('GET', `${path}/${id}/decision?seq=${seq}`);
      expect(body).toEqual({ seq, decision: event.decision, decision_digest: event.decision_digest });
      expect(await dev('POST', `${path}/${id}/decision/replay?seq=${seq}`)).toMatchObject({
        body: { seq, replayed: event.decision_digest, same: true },
      });
    }
    expect(await dev('GET', `${path}/${id}/decision?seq=1`)).toMatchObject({ status: 404 });
    expect(await dev('GET', `${path}/${id}/decision?seq=0`)).toMatchObject({ status: 400 });
  });

  it('shows the manifest, its changes, its impact, who may approve, and what happened', async () => {
    const id = await requested();
    const { manifest } = (await dev('GET', `${path}/${id}/manifest`)).body;
    const changes = (await dev('GET', `${path}/${id}/changes`)).body;
    expect(changes).toMatchObject({
      change_set_digest: manifest.change_set_digest,
      items: [{ from: null, to: manifest.source.digest }],
    });
    expect((await dev('GET', `${path}/${id}/impact`)).body).toMatchObject({
      environment: 'production',
      replaces: null,
      target_moved: false,
    });
    const { people, required } = (await dev('GET', `${path}/${id}/approvals`)).body;
    expect(required).toBe(1);
    expect(people.find(({ subject }: { subject: string }) => subject === 'alice')).toMatchObject({
      eligible: true,
      why: null,
    });
    expect(people.find(({ subject }: { subject: string }) => subject === 'dev')).toMatchObject({
      eligible: false,
      why: 'separation_of_duties',
    });
    const timeline = (await dev('GET', `${path}/${id}/timeline`)).body;
    expect(timeline.items.map(({ type }: { type: string }) => type)).toEqual([
      'PromotionRequested',
      'PromotionAssessed',
    ]);
    expect(timeline.items[0]).toMatchObject({ seq: 1, prev: null, actor: { subject: 'dev' } });
    expect((await dev('GET', `${path}/${id}/evidence`)).body).toEqual({ items: [], next_cursor: null });
  });

  it('tells what happened page by page, at both addresses, by cursors of its own', async () => {
    await admin('POST', '/api/v1/gateways', { id: 'gw-790', environment: 'production' });
    const [id, other] = [await requested(), await requested({ target_gateway_id: 'gw-790' })];
    for (const from of [`${path}/${id}`, `/api/v1/config/promotions/${id}`]) {
      const whole = (await dev('GET', `${from}/timeline`)).body.items;
      const items = [];
      let cursor = '';
      do {
        const { body } = await dev('GET', `${from}/timeline?limit=1${cursor}`);
        items.push(...body.items);
        const next: string | null = body.next_cursor ?? body.nextCursor ?? null;
        cursor = next === null ? '' : `&cursor=${next}`;
        if (next !== null)
          expect((await dev('GET', `${path}/${other}/timeline?cursor=${next}`)).status).toBe(400);
      } while (cursor !== '');
      expect(items).toEqual(whole);
      expect(items).toHaveLength(2);
    }
  });

  it('is for whoever has a role, machines included', async () => {
    const id = await requested();
    expect(await as('nobody')('GET', `${path}/${id}`)).toMatchObject({ status: 403 });
    expect(await as('nobody')('GET', path)).toMatchObject({ status: 403 });
    expect(await world.send({ method: 'GET', path: `${path}/${id}`, signer: CI })).toMatchObject({
      status: 200,
    });
    expect(await world.send({ method: 'POST', path: `${path}/${id}/approve`, signer: CI })).toMatchObject({
      status: 403,
    });
  });

  it('stays within the environments of a role', async () => {
    const id = await requested();
    await admin('PATCH', '/api/v1/members/viewer', { roles: [{ role: 'viewer', environment: 'staging' }] });
    const viewer = as('viewer');
    expect(await viewer('GET', `${path}/${id}`)).toMatchObject({ status: 404 });
    expect(await viewer('GET', `${path}/${id}/timeline`)).toMatchObject({ status: 404 });
    expect((await viewer('GET', path)).body.items).toEqual([]);
  });
});
