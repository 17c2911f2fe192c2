import { describe, expect, it } from 'vitest';
import { ACME, createWorld, type World } from '../handlers/api-world.ts';
import { entry, PROMOTIONS } from '../handlers/config/promotion-stage.ts';
import { PRODUCTION, STAGING } from '../handlers/config/world.ts';
import { exportedOf } from '../support/export-completed.ts';
import { adminOfAll } from './admin-of-all.ts';
import { eventsIn, itemsOf, judged, skipWithoutPython } from './record.ts';

const WINDOW = { starts_at: '2026-11-20T00:00:00Z', ends_at: '2026-11-30T00:00:00Z', reason: 'holidays' };
const DUTIES = { requester: false, author: false, previous_promoter: false, evidence_producer: false };

type Found = { readonly says: RegExp; readonly happens: (world: World) => Promise<string> };

const ask = (world: World) =>
  world.as('dev')('POST', PROMOTIONS, {
    ...{ sourceEnvironment: 'staging', targetEnvironment: 'production', promotionType: 'FULL' },
  });
const act = (world: World, who: 'dev' | 'alice' | 'admin', id: string, verb: string, body?: object) =>
  world.as(who)('POST', `${PROMOTIONS}/${id}/${verb}`, body);

/** Asks for the execution and lets the workflow try. */
async function executed(world: World, who: 'dev' | 'admin', id: string): Promise<void> {
  await act(world, who, id, 'execute');
  await world.run(id).catch(() => undefined);
}

/** Ways through that are open still, as acts one by one allowed: whatever is refused on the way, the judge says what came of it. */
const FOUND: Readonly<Record<string, Found>> = {
  'A1: who weakened the policy refreshes another’s promotion with other content, approves and executes it': {
    says: /J7 .*admin weakened it: .*J9 admin executed it and had weakened it/,
    async happens(world) {
      const admin = world.as('admin');
      const policy = {
        name: 'two',
        environments: ['production'],
        required_approvers: 2,
        reason: 'two of us',
      };
      const { body } = await admin('POST', '/api/v1/approval-policies', policy);
      const weaker = { required_approvers: 1, separation_of_duties: DUTIES, reason: 'in a hurry' };
      await admin('PATCH', `/api/v1/approval-policies/${body.id}`, weaker);
      world.at('2026-11-21T11:00:00.000Z');
      const { id } = (await ask(world)).body;
      await admin('PUT', `${STAGING}/configs/query.timeout`, { value: 'evil' });
      await act(world, 'admin', id, 'validate', { refresh: true });
      await act(world, 'admin', id, 'approve');
      await executed(world, 'admin', id);
      return id;
    },
  },
  'A7: a rollback brings back, through a freeze and without approval, what a rollback took away': {
    says: /J3 production was frozen by .*J7 0 of 1 approvals count/,
    async happens(world) {
      const admin = world.as('admin');
      const emergencies = { rollback: { requires_approval: false }, reason: 'for emergencies' };
      await admin('PATCH', '/api/v1/environments/production', emergencies);
      world.at('2026-11-23T11:00:00.000Z');
      const bad = (await ask(world)).body.id;
      await act(world, 'alice', bad, 'approve');
      await executed(world, 'dev', bad);
      const back = await act(world, 'dev', bad, 'rollback', { acknowledgeRisk: true });
      await executed(world, 'dev', back.body.id);
      await admin('POST', '/api/v1/environments/production/freezes', WINDOW);
      const forth = await act(world, 'dev', bad, 'rollback', { toRevision: 2, acknowledgeRisk: true });
      if (forth.status !== 201) return bad;
      await executed(world, 'dev', forth.body.id);
      return forth.body.id;
    },
  },
};

describe.skipIf(skipWithoutPython())('a way through that is known', () => {
  it.each(Object.entries(FOUND))(
    '%s: is completed by nobody, or the judge names it',
    async (_, { says, happens }) => {
      const world = await createWorld();
      await adminOfAll(world);
      await world.as('dev')('POST', `${STAGING}/batch`, { put: [entry('query.timeout', '180s')] });
      await world.as('admin')('POST', `${PRODUCTION}/batch`, {
        put: [entry('query.timeout', '120s')],
        reason: 'first',
      });
      const id = await happens(world);
      const items = itemsOf(await exportedOf(world.deps, ACME));
      const completed = eventsIn(items, id).some(({ event }) => event.type === 'PromotionCompleted');
      const own = judged({ story: items })
        .of('story')
        .split('\n')
        .find((line) => line.startsWith(`promotion/${id} `));
      expect(own ?? '').toMatch(completed ? says : /^$/);
    },
  );
});
