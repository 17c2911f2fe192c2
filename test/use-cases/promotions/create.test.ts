import { describe, expect, it } from 'vitest';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import { Fault } from '../../../functions/domain/faults.ts';
import { actorOf, SYSTEM } from '../../../functions/domain/identity/principal.ts';
import { ruleApplied } from '../../../functions/domain/policy/rule-applied.ts';
import { startExecution } from '../../../functions/use-cases/engine/claim.ts';
import { failExecution } from '../../../functions/use-cases/engine/outcome.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { cancelPromotion } from '../../../functions/use-cases/promotions/cancel.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { rejectPromotion } from '../../../functions/use-cases/promotions/reject.ts';
import { retryPromotion } from '../../../functions/use-cases/rollbacks/retry.ts';
import { STORES, TENANT } from '../deployments/world.ts';
import { ALICE, DEV } from './people.ts';
import {
  asked,
  OVER_HTTP,
  recorded,
  requested,
  staged,
  started,
  sure,
  TO_PRODUCTION,
  TO_STAGING,
  typesOf,
} from './stage.ts';

describe.each(STORES)('requesting a promotion, on $name', ({ open }) => {
  const stage = staged(open);

  it('seals and judges it at once: production waits for approval', async () => {
    const state = await requested(stage());
    expect(state).toMatchObject({
      status: 'pending',
      waiting_for: 'approval',
      source_environment: 'staging',
      target_environment: 'production',
      target_slot: 'production#gw-789',
      execution: 'manual',
      seal: {
        requirements: { requires_approval: true },
        plan: { source: { deployment_id: 'dep-456', recorded: true } },
      },
    });
    const stored = await stage().deps.promotions.read(TENANT, state.id);
    expect(stored).toMatchObject({ state, workflowRecord: { attempt: 1, work: [], published: 2 } });
  });

  it('runs by itself where nobody has to approve', async () => {
    expect(await requested(stage(), TO_STAGING)).toMatchObject({
      status: 'approved',
      execution: 'automatic',
      execution_requested: SYSTEM,
    });
  });

  it.each([
    ['a stage is skipped', { source_deployment_id: 'dep-dev', agent_id: 'agent-dev' }, 'missing_stages'],
    ['the gateway is unknown', { target_gateway_id: 'gw-none' }, 'unknown_gateway'],
    ['the gateway is of another environment', { target_gateway_id: 'gw-staging' }, 'unknown_gateway'],
    ['the gateway is inactive', { target_gateway_id: 'gw-idle' }, 'unknown_gateway'],
    ['the source is unknown', { source_deployment_id: 'dep-none' }, 'not_found'],
    ["the source is another agent's", { agent_id: 'agent-9' }, 'source_mismatch'],
    ['the source is not deployed', { source_deployment_id: 'dep-failed' }, 'source_not_deployed'],
    ['the source environment is another', { source_environment: 'dev' }, 'source_mismatch'],
    ['the source environment is unknown', { source_environment: 'moon' }, 'unknown_environment'],
    ['the target is unknown', { target_environment: 'moon' }, 'unknown_environment'],
    ['the target is the source', { target_environment: 'staging' }, 'invalid_transition'],
    ['it goes backward', { target_environment: 'dev' }, 'invalid_transition'],
  ])('refuses when %s, and writes nothing', async (_, change, refused) => {
    await recorded(stage(), 'dep-failed', 'agent-123', 'staging', 'FAILED');
    const answer = await createPromotion(stage().deps, asked({ ...TO_PRODUCTION, ...change }));
    expect(answer).toMatchObject({ refused });
    if (refused === 'missing_stages') expect(answer).toMatchObject({ data: { missing_stages: ['staging'] } });
    expect(await stage().deps.promotions.list(TENANT, {}, { limit: 10 })).toEqual({ items: [] });
  });

  it('names the open one of the same subject, digest and target', async () => {
    const { id } = await requested(stage());
    expect(await createPromotion(stage().deps, asked())).toMatchObject({
      refused: 'already_open',
      data: { promotion_id: id, status: 'pending' },
    });
    expect(await createPromotion(stage().deps, { ...asked(), dry_run: true })).toMatchObject({
      refused: 'already_open',
    });
    const elsewhere = await createPromotion(stage().deps, asked(OVER_HTTP));
    expect(elsewhere).toMatchObject({ created: true });
  });

  it('takes the place of a closed one', async () => {
    const { id } = await requested(stage());
    sure(await cancelPromotion(stage().deps, { principal: DEV, id }));
    const again = await requested(stage());
    expect(again.id).not.toBe(id);
    expect(await createPromotion(stage().deps, asked())).toMatchObject({ data: { promotion_id: again.id } });
  });

  it('cancels older open ones in the same commit when it supersedes', async () => {
    const older = await requested(stage());
    await recorded(stage(), 'dep-457', 'agent-123', 'staging');
    const newer = { ...TO_PRODUCTION, source_deployment_id: 'dep-457' };
    const between = await requested(stage(), newer);
    const other = await requested(stage(), OVER_HTTP);
    const { state } = sure(await createPromotion(stage().deps, { ...asked(newer), supersede: DEV }));
    for (const { id } of [older, between]) {
      expect(await stage().deps.promotions.read(TENANT, id)).toMatchObject({
        state: { status: 'cancelled', reason: 'superseded' },
        workflowRecord: { work: [] },
      });
    }
    expect(await stage().deps.promotions.read(TENANT, other.id)).toMatchObject({
      state: { status: 'pending' },
    });
    expect(state.status).toBe('pending');
  });

  it('says what would be on a dry run, and writes nothing', async () => {
    const answer = sure(await createPromotion(stage().deps, { ...asked(), dry_run: true }));
    expect(answer).toMatchObject({ created: false, state: { status: 'pending' } });
    expect(await stage().deps.promotions.read(TENANT, answer.state.id)).toBeUndefined();
    expect(stage().published.filter(({ subject }) => subject === answer.state.id)).toEqual([]);
  });

  it('creates one by a rule once per deployment and version of the rule', async () => {
    const rule = await stage().rule('rule-1', 'development', 'staging');
    sure(await createPromotion(stage().deps, { ...asked(TO_STAGING), rule: ruleApplied(rule, {}) }));
    const [first] = (await stage().deps.promotions.list(TENANT, {}, { limit: 1 })).items;
    expect(first).toMatchObject({ rule_id: 'rule-1' });
    sure(await startExecution(stage().deps, stage().ref(first?.id ?? '')));
    expect(
      await createPromotion(stage().deps, { ...asked(TO_STAGING), rule: ruleApplied(rule, {}) }),
    ).toMatchObject({
      refused: 'conflict',
    });
    const newer = await stage().rule('rule-1', 'development', 'staging', { version: 2 });
    sure(await createPromotion(stage().deps, { ...asked(TO_STAGING), rule: ruleApplied(newer, {}) }));
  });

  it('keeps automatic promotion on hold after a rejection, whoever only asks for it', async () => {
    const { deps } = stage();
    const { id, subject } = await requested(stage());
    sure(await rejectPromotion(deps, { principal: ALICE, id, reason: 'Tests not passing on staging' }));
    expect(await deps.promotions.onHold(TENANT, subject, 'production')).toBeDefined();
    await requested(stage());
    expect(await deps.promotions.onHold(TENANT, subject, 'production')).toBeDefined();
  });

  it('keeps the answer of the request that was committed', async () => {
    const key = digestOfBytes('key');
    const answer = ({ id }: { id: string }) => ({
      key,
      body_digest: digestOfBytes('body'),
      status: 201,
      headers: {},
      body: id,
      expires_at: '2099-01-01T00:00:00.000Z',
    });
    const { state } = sure(await createPromotion(stage().deps, { ...asked(), answer }));
    expect(await stage().deps.answers.read(TENANT, key, stage().now)).toMatchObject({ body: state.id });
    const twin = await createPromotion(stage().deps, { ...asked(OVER_HTTP), answer });
    expect(twin).toMatchObject({ refused: 'conflict' });
  });

  it('creates one promotion though the commit never answered', async () => {
    let first = true;
    const { deps } = stage();
    const deaf = {
      ...deps,
      transactions: {
        async commit(...args: Parameters<typeof deps.transactions.commit>) {
          const result = await deps.transactions.commit(...args);
          if (!first) return result;
          first = false;
          throw new Fault('Unavailable', 'no answer');
        },
      },
    };
    const { state } = sure(await createPromotion(deaf, asked()));
    const { items } = await deps.promotions.list(TENANT, {}, { limit: 10 });
    expect(items).toEqual([state]);
  });

  it('tries a failed one again as a new promotion', async () => {
    const { deps } = stage();
    const id = await started(stage(), OVER_HTTP);
    expect(await retryPromotion(deps, { principal: DEV, id })).toMatchObject({
      refused: 'invalid_transition',
    });
    sure(await startExecution(deps, stage().ref(id)));
    const failure = { code: 'x', message: 'x', technical: 'x', target_state: 'unchanged' } as const;
    sure(await failExecution(deps, stage().ref(id), { actor: SYSTEM, by: 'step', failure }));
    expect(await retryPromotion(deps, { principal: ALICE, id })).toMatchObject({
      status: 'pending',
      requester: actorOf(ALICE),
    });
    const viewer = { ...DEV, grants: [{ role: 'viewer' as const }] };
    expect(await retryPromotion(deps, { principal: viewer, id })).toMatchObject({
      refused: 'not_authorized',
    });
  });

  it('is judged alone: what is approved elsewhere does not approve it', async () => {
    const id = await started(stage());
    const other = await requested(stage(), OVER_HTTP);
    expect(other).toMatchObject({ status: 'pending', approvals: [] });
    expect(await approvePromotion(stage().deps, { principal: DEV, id: other.id })).toMatchObject({
      refused: 'separation_of_duties',
    });
    expect(await typesOf(stage(), id)).toContain('ExecutionRequested');
  });
});
