import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../../functions/domain/promotion/history.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import type { Deps } from '../../../functions/use-cases/deps.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { times } from '../../support/length.ts';
import { randomStream } from '../../support/random-stream.ts';
import { person, STORES, T0, TENANT } from '../deployments/world.ts';
import {
  asked,
  OVER_HTTP,
  recorded,
  requested,
  type Stage,
  staged,
  sure,
  TO_STAGING,
  typesOf,
} from './stage.ts';

const APPROVERS = times(12, 50);
const RACERS = times(8, 20);

/**
 * Waiting is real here: whoever loses a race waits its turn. The clock goes on by itself, at a tenth of the pace: on a busy machine
 * nobody's twenty seconds are over before the crowd is through.
 */
function real(stage: Stage): Deps {
  const begun = performance.now();
  return {
    ...stage.deps,
    clock: {
      now: () => new Date(Date.parse(stage.now) + Math.round((performance.now() - begun) / 10)).toISOString(),
    },
    random: randomStream(1),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}

describe.each(STORES)('many at once, on $name', ({ open }) => {
  const stage = staged(open);

  it('counts each of many approvers once, approves once and executes once', async () => {
    const policy = {
      id: 'pol-many',
      name: 'Everybody',
      environments: ['production'],
      required_approvers: APPROVERS,
      groups: [],
      separation_of_duties: {
        requester: true,
        author: false,
        previous_promoter: false,
        evidence_producer: false,
      },
      expires_after: 'P7D',
      require_comment: false,
      version: 1,
      created_at: T0,
      updated_at: T0,
    };
    await stage().commit({ write: 'catalog', entry: { type: 'policy', item: policy }, expected: 0 });
    const deps = real(stage());
    const { state } = sure(await createPromotion(deps, { ...asked(), execution: 'automatic' }));
    const { id } = state;
    const people = Array.from({ length: APPROVERS }, (_, n) =>
      person(`approver-${n}`, 'approver', 'promoter'),
    );
    for (const approver of people) await stage().member(approver);
    const answers = await Promise.all(people.map((principal) => approvePromotion(deps, { principal, id })));
    expect(answers.filter(isRefusal)).toEqual([]);
    await Promise.all(people.map((principal) => executePromotion(deps, { principal, id })));
    await Promise.all([1, 2, 3].map(() => execute(deps, stage().ref(id))));
    const events = await deps.promotions.events(TENANT, id);
    expect(verifyChain(events)).toBeUndefined();
    const count = (type: string) => events.filter(({ event }) => event.type === type).length;
    expect(count('ApprovalGranted')).toBe(APPROVERS);
    expect(
      ['PromotionApproved', 'ExecutionRequested', 'ExecutionStarted', 'PromotionCompleted'].map(count),
    ).toEqual([1, 1, 1, 1]);
    const stored = await deps.promotions.read(TENANT, id);
    expect(new Set(stored?.state.approvals.map(({ actor }) => actor.subject)).size).toBe(APPROVERS);
  });

  it('lets one of many that race for a head reach the gateway; the others say target_moved', async () => {
    const gateway = await stage().gateway('gw-race', 'staging', {
      driver: 'http',
      endpoint: 'https://gw.example',
    });
    const deps = real(stage());
    const requests = Array.from({ length: RACERS }, (_, n) => ({
      ...TO_STAGING,
      agent_id: 'agent-race',
      source_deployment_id: `dep-race-${n}`,
      target_gateway_id: gateway.id,
    }));
    for (const { source_deployment_id } of requests) {
      await recorded(stage(), source_deployment_id, 'agent-race', 'development');
    }
    const ids = await Promise.all(
      requests.map(async (request) => sure(await createPromotion(deps, asked(request))).state.id),
    );
    await Promise.allSettled(ids.map((id) => execute(deps, stage().ref(id))));
    expect(stage().deployed).toHaveLength(1);
    const states = await Promise.all(ids.map(async (id) => (await deps.promotions.read(TENANT, id))?.state));
    const [winner] = states.filter((state) => state?.status === 'completed');
    expect(stage().deployed[0]?.promotion_id).toBe(winner?.id);
    const losers = states.filter((state) => state?.id !== winner?.id);
    expect(losers).toHaveLength(RACERS - 1);
    for (const loser of losers) {
      expect(loser).toMatchObject({ reason_code: 'target_moved' });
      expect(['pending', 'blocked']).toContain(loser?.status);
    }
    const slot = {
      subject: { kind: 'agent', name: 'agent-race' },
      environment: 'staging',
      gateway: gateway.id,
    } as const;
    const { items } = await deps.heads.revisions(TENANT, slot, { limit: 100 });
    expect(items).toMatchObject([{ number: 1, cause: { by: 'execute', promotion_id: winner?.id } }]);
  });

  it('opens one of many equal requests, and names it to the others', async () => {
    const deps = real(stage());
    const answers = await Promise.all(
      Array.from({ length: RACERS }, () => createPromotion(deps, asked(OVER_HTTP))),
    );
    const made = answers.flatMap((answer) => (isRefusal(answer) ? [] : [answer.state.id]));
    expect(made).toHaveLength(1);
    for (const answer of answers) {
      if (isRefusal(answer))
        expect(answer).toMatchObject({ refused: 'already_open', data: { promotion_id: made[0] } });
    }
  });

  it('says 503 rather than wait for ever', async () => {
    const { deps } = stage();
    const losing = {
      ...deps,
      transactions: { commit: async () => ({ committed: false, lost: [] }) as const },
    };
    await expect(createPromotion(losing, asked())).rejects.toMatchObject({ name: 'Unavailable' });
    const { id } = await requested(stage());
    const before = await typesOf(stage(), id);
    const approving = approvePromotion(losing, { principal: person('zoe', 'approver'), id });
    await expect(approving).rejects.toMatchObject({ name: 'Unavailable' });
    expect(await typesOf(stage(), id)).toEqual(before);
  });
});
