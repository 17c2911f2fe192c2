import { beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../functions/domain/audit/change.ts';
import type { StoredEvent } from '../../functions/domain/promotion/events.ts';
import { memberOf } from '../../functions/use-cases/administration/found-tenant.ts';
import { fallDue } from '../../functions/use-cases/workflow/due.ts';
import { ACME, createWorld, START, type World } from './api-world.ts';

let world: World;
const production = '/api/v1/environments/production';
const of = (id: string) => `/api/v1/promotions/${id}`;

/** Every event of a promotion, and the newest change, as stored. */
const events = (id: string): Promise<readonly StoredEvent[]> => world.deps.promotions.events(ACME, id);
const newest = async (): Promise<Change | undefined> => world.deps.changes.newest(ACME);
const guard = async () => (await world.deps.catalog.item(ACME, 'environment', 'production'))?.guard;
const event = async <T extends StoredEvent['event']['type']>(id: string, type: T) =>
  (await events(id)).filter((one) => one.event.type === type).at(-1);

/** Asks to promote the one agent that runs in staging. */
async function requested(): Promise<string> {
  const asked = await world.as('dev')('POST', '/api/v1/promotions', {
    agent_id: 'agent-1',
    source_deployment_id: 'dep-1',
    target_gateway_id: 'gw-production',
    target_environment: 'production',
  });
  expect(asked.status, JSON.stringify(asked.body)).toBe(201);
  return asked.body.id;
}

beforeEach(async () => {
  world = await createWorld();
  for (const environment of ['staging', 'production']) {
    await world.as('admin')('POST', '/api/v1/gateways', { id: `gw-${environment}`, environment });
  }
  const deployed = { id: 'dep-1', agent_id: 'agent-1', gateway_id: 'gw-staging', environment: 'staging' };
  await world.as('dev')('POST', '/api/v1/deployments', deployed);
});

describe('what the record says of order, beside the clock', () => {
  it('names the guard on which each decision was made, and the guards that each change raised', async () => {
    const id = await requested();
    const before = await guard();
    expect((await events(id)).map((one) => one.guard)).toEqual([before, before]);
    await world.as('admin')('POST', `${production}/lock`, { reason: 'incident' });
    const locked = await guard();
    expect(await newest()).toMatchObject({ action: 'lock', guards: { production: locked } });
    await world.as('admin')('POST', `${production}/unlock`, { reason: 'over' });
    expect(await newest()).toMatchObject({ action: 'unlock', guards: { production: await guard() } });
    await world.as('alice')('POST', `${of(id)}/approve`);
    expect(await event(id, 'ApprovalGranted')).toMatchObject({ guard: await guard() });
    await world.as('dev')('POST', `${of(id)}/execute`);
    const lock = await world.as('admin')('POST', '/api/v1/environments/*/lock', { reason: 'everything' });
    expect(lock.status, JSON.stringify(lock.body)).toBe(200);
    const everywhere = await world.deps.catalog.all(ACME, 'environment');
    const guards = Object.fromEntries(everywhere.map((one) => [one.name, one.guard]));
    expect((await newest())?.guards).toEqual(guards);
    await world.as('admin')('POST', '/api/v1/environments/*/unlock', { reason: 'over' });
    const policy = { name: 'two', environments: ['production'], required_approvers: 1, reason: 'as it was' };
    await world.as('admin')('POST', '/api/v1/approval-policies', policy);
    expect((await newest())?.guards).toMatchObject({ production: await guard() });
  });

  it('names the rules, so that a fact that is missing is seen to be', async () => {
    expect((await event(await requested(), 'PromotionRequested'))?.event).toMatchObject({ rules: 1 });
  });
});

describe('what the record says of who had a promotion executed', () => {
  it('is who asked', async () => {
    const id = await requested();
    await world.as('alice')('POST', `${of(id)}/approve`);
    await world.as('dev')('POST', `${of(id)}/execute`);
    expect((await event(id, 'ExecutionRequested'))?.event).toEqual({ type: 'ExecutionRequested' });
    expect(await world.run(id)).toMatchObject({ executor: { subject: 'dev' } });
  });

  it('is the schedule, and not the approver whose approval came after its time', async () => {
    const id = await requested();
    const at = '2026-11-21T12:00:00.000Z';
    await world.as('dev')('POST', `${of(id)}/schedule`, { at });
    world.at('2026-11-21T12:30:00.000Z');
    await world.as('alice')('POST', `${of(id)}/approve`);
    expect(await event(id, 'ExecutionRequested')).toMatchObject({
      actor: { subject: 'alice' },
      event: { by: { kind: 'system' }, cause: 'schedule' },
    });
    expect(await world.run(id)).toMatchObject({ executor: { kind: 'system' } });
    const audit = await world.as('admin')('GET', `/api/v1/audit/promotions/${id}`);
    expect(JSON.stringify(audit.body.promoted_by ?? null)).not.toContain('alice');
  });

  it('is the schedule where its time comes after approval', async () => {
    const id = await requested();
    const at = '2026-11-21T12:00:00.000Z';
    await world.as('dev')('POST', `${of(id)}/schedule`, { at });
    await world.as('alice')('POST', `${of(id)}/approve`);
    world.at(at);
    const stored = await world.deps.promotions.read(ACME, id);
    if (stored !== undefined) await fallDue(world.deps, stored.state);
    expect(await event(id, 'ExecutionRequested')).toMatchObject({
      actor: { kind: 'system' },
      event: { cause: 'schedule' },
    });
  });
});

describe('what the record says of a confirmed change', () => {
  it('is which pending change it carries out', async () => {
    const root = {
      subject: 'root',
      email: 'root@acme.com',
      groups: [],
      grants: [{ role: 'admin' }],
    } as const;
    await world.commit(ACME, { write: 'membership', membership: memberOf(ACME, root, START), expected: 0 });
    world.at('2026-11-22T09:00:00.000Z');
    const asked = await world.as('admin')('PATCH', production, { protected: false, reason: 'a drill' });
    expect(asked.status).toBe(202);
    const path = `/api/v1/pending-changes/${asked.body.id}/confirm`;
    await world.send({ method: 'POST', path, signer: { sub: 'root' } });
    expect(await newest()).toMatchObject({ confirms: asked.body.id, guards: { production: await guard() } });
  });
});
