import { describe, expect, it } from 'vitest';
import { Fault } from '../../functions/domain/faults.ts';
import { sweepWatchLists } from '../../functions/use-cases/evidence/sweep.ts';
import { type SweepDeps, sweep } from '../../functions/use-cases/workflow/sweep.ts';
import { as, EVIDENCE, stateOf, world } from './evidence-world.ts';
import { narrow } from './narrow.ts';
import {
  asking,
  BOUNDS,
  eachVerified,
  eventsOf,
  head,
  minutes,
  PROMOTIONS,
  promoted,
  reports,
  STAGING,
  smoke,
  swept,
  verificationOf,
} from './verification-world.ts';

eachVerified();

describe('a completed promotion that its environment verifies', () => {
  it('waits for a report, and is passed by one; its chain and its evidence name it', async () => {
    const { id, path } = await promoted(1);
    expect(await verificationOf(path)).toEqual({
      status: 'pending',
      gate: 'smoke',
      until: minutes(30),
      on_failure: 'rollback',
      reason_code: null,
      decided_at: null,
      evidence: null,
      rollback: null,
    });
    const report = await reports(path, true);
    expect(report).toMatchObject({ status: 201, body: { promotion_id: id } });
    const { evidence } = report.body;
    expect(await verificationOf(path)).toMatchObject({ status: 'passed', evidence, reason_code: 'ok' });
    expect((await eventsOf(id)).at(-1)).toMatchObject({ type: 'VerificationDecided', outcome: 'passed' });
    const [shown] = (await as('dev')('GET', `${path}/evidence`)).body.items;
    expect(shown).toMatchObject({ evidence, attached_seq: (await stateOf(path)).version });
    await swept();
    expect((await stateOf(path)).status).toBe('completed');
  });

  it('is unknown where nobody reports in time, and stays as it is', async () => {
    await promoted(1);
    const { path } = await promoted(2);
    world.at(minutes(30, 29));
    await swept();
    expect(await verificationOf(path)).toMatchObject({ status: 'pending' });
    world.at(minutes(30, 30));
    await Promise.all([swept(), swept()]);
    expect(await verificationOf(path)).toMatchObject({ status: 'unknown', reason_code: 'no_report_in_time' });
    world.at(minutes(40));
    await swept();
    expect(await stateOf(path)).toMatchObject({ status: 'completed', verification: { rollback: null } });
  });

  it('is rolled back by itself when it fails, once, to what was before it; its rollback never is', async () => {
    await promoted(1);
    const before = (await head())?.digest;
    const { id, path } = await promoted(2);
    await reports(path, false);
    expect(await verificationOf(path)).toMatchObject({ status: 'failed', rollback: null });
    await Promise.all([swept(), swept(), swept()]);
    await swept();
    const { rollback } = await verificationOf(path);
    const back = await stateOf(`${PROMOTIONS}/${rollback.promotion_id}`);
    expect(back).toMatchObject({ type: 'rollback', status: 'approved', execution: 'automatic' });
    const all = (await as('dev')('GET', PROMOTIONS)).body.items;
    expect(all.filter(({ type }: { type: string }) => type === 'rollback')).toHaveLength(1);
    await world.run(back.id);
    expect((await head())?.digest).toBe(before);
    expect(await stateOf(path)).toMatchObject({ status: 'rolled_back', verification: { status: 'failed' } });
    expect((await eventsOf(id)).map(({ type }) => type).slice(-3)).toEqual([
      'VerificationDecided',
      'RollbackBegun',
      'PromotionRolledBack',
    ]);
    // It is verified as well, and what fails then is for people.
    const own = `${PROMOTIONS}/${back.id}`;
    await reports(own, false);
    await swept();
    expect(await stateOf(own)).toMatchObject({
      status: 'completed',
      verification: { status: 'failed', rollback: null },
    });
    const hold = { kind: 'agent', name: 'agent-1' } as const;
    expect(await world.deps.promotions.onHold('acme', hold, 'staging')).toBeDefined();
  });

  it('is not rolled back by itself where the environment only wants to know', async () => {
    await asking({ gate: 'smoke', within: 'PT30M', on_failure: 'none' }, minutes(1));
    await promoted(1);
    const { path } = await promoted(2);
    await reports(path, false);
    await swept();
    expect(await stateOf(path)).toMatchObject({
      status: 'completed',
      verification: { status: 'failed', on_failure: 'none', rollback: null },
    });
  });

  it('is not rolled back where something else is active there since, or where nothing was before', async () => {
    const first = await promoted(1);
    await reports(first.path, false);
    await swept();
    expect(await verificationOf(first.path)).toMatchObject({
      rollback: { promotion_id: null, reason_code: 'nothing_to_promote' },
    });
    const second = await promoted(2);
    await promoted(3);
    const now = (await head())?.digest;
    await reports(second.path, false);
    await swept();
    await swept();
    expect(await verificationOf(second.path)).toMatchObject({
      status: 'failed',
      rollback: { promotion_id: null, reason_code: 'invalid_transition' },
    });
    expect((await head())?.digest).toBe(now);
  });

  it('waits with its rollback for the end of a lock; a freeze does not stop it', async () => {
    await promoted(1);
    const before = (await head())?.digest;
    const { path } = await promoted(2);
    const frozen = { reason: 'peak', starts_at: minutes(-60), ends_at: minutes(600) };
    expect((await as('admin')('POST', `${STAGING}/freezes`, frozen)).status).toBe(201);
    await as('admin')('POST', `${STAGING}/lock`, { reason: 'incident' });
    await reports(path, false);
    await swept();
    const { rollback } = await verificationOf(path);
    const own = `${PROMOTIONS}/${rollback.promotion_id}`;
    await expect(world.run(rollback.promotion_id)).rejects.toThrow('locked');
    expect(await stateOf(own)).toMatchObject({ status: 'blocked', blocked_by: ['locked'] });
    await as('admin')('POST', `${STAGING}/unlock`, { reason: 'over' });
    await swept();
    // Who lifts a lock lets nothing execute by itself: another person does.
    await expect(world.run(rollback.promotion_id)).rejects.toThrow('governor');
    expect((await as('dev')('POST', `${own}/execute`)).status).toBe(202);
    await world.run(rollback.promotion_id);
    expect((await head())?.digest).toBe(before);
  });
});

describe('a report about a completed promotion', () => {
  it('decides nothing where its bringer may not attach evidence there, or where it is only about the digest', async () => {
    await promoted(1);
    const { path } = await promoted(2);
    expect(await as('viewer')('POST', `${path}/evidence`, smoke(false))).toMatchObject({ status: 403 });
    expect(await as('carol')('POST', `${path}/evidence`, smoke(false))).toMatchObject({ status: 404 });
    const subject_digest = (await head())?.digest;
    expect((await as('dev')('POST', EVIDENCE, smoke(false, { subject_digest }))).status).toBe(201);
    expect(await reports(path, false, { gate: 'tests' })).toMatchObject({ status: 409 });
    expect(await reports(path, false, { produced_at: minutes(-5) })).toMatchObject({ status: 201 });
    expect(await reports(path, false, { document: 'no JSON' })).toMatchObject({ status: 400 });
    await swept();
    expect(await verificationOf(path)).toMatchObject({ status: 'pending' });
  });

  it('is shown with that promotion, not with another one of the same content, nor is its document', async () => {
    const { id, path } = await promoted(1);
    const report = await reports(path, false);
    const { document_digest } = report.body;
    const gateway = { id: 'gw-2', environment: 'production' };
    await as('admin')('POST', '/api/v1/gateways', gateway);
    const asked = { agent_id: 'agent-1', target_gateway_id: 'gw-2', target_environment: 'production' };
    const source_deployment_id = (await stateOf(path)).target_deployment_id;
    const other = await as('dev')('POST', PROMOTIONS, { ...asked, source_deployment_id });
    expect(other.status, JSON.stringify(other.body)).toBe(201);
    const next = `${PROMOTIONS}/${other.body.id}`;
    expect((await stateOf(`${path}/evidence`)).items).toMatchObject([{ promotion_id: id }]);
    expect((await stateOf(`${next}/evidence`)).items).toEqual([]);
    const theirs = await narrow(world, 'viewer', 'production');
    const document = (promotion: string) =>
      theirs('GET', `${EVIDENCE}/document?digest=${document_digest}&promotion_id=${promotion}`);
    expect((await document(id)).status).toBe(404);
    expect((await document(other.body.id)).status).toBe(404);
    const read = await as('dev')('GET', `${EVIDENCE}/document?digest=${document_digest}&promotion_id=${id}`);
    expect(read.status).toBe(200);
  });

  it('that comes after the decision is refused with what to do, and changes nothing', async () => {
    await promoted(1);
    const { path } = await promoted(2);
    await reports(path, true);
    const version = (await stateOf(path)).version;
    expect(await reports(path, false)).toMatchObject({
      status: 409,
      body: { code: 'already_decided', verification: 'passed' },
    });
    await swept();
    expect(await stateOf(path)).toMatchObject({ status: 'completed', version });
  });

  it('of two at once decides once', async () => {
    await promoted(1);
    const { id, path } = await promoted(2);
    const answers = await Promise.all([reports(path, true), reports(path, false), reports(path, true)]);
    expect(answers.map(({ status }) => status).filter((status) => status !== 201 && status !== 409)).toEqual(
      [],
    );
    const decided = (await eventsOf(id)).filter(({ type }) => type === 'VerificationDecided');
    expect(decided).toHaveLength(1);
  });

  it('decides though whoever took it died at once: the sweep finds it', async () => {
    await promoted(1);
    const { path } = await promoted(2);
    const { watchList } = world.deps.evidence;
    const dying = {
      ...world.deps.evidence,
      watchList: () => Promise.reject(new Fault('Unavailable', 'killed')),
    };
    Object.assign(world.deps, { evidence: dying });
    expect((await reports(path, false)).status).toBe(201);
    Object.assign(world.deps, { evidence: { ...dying, watchList } });
    expect(await verificationOf(path)).toMatchObject({ status: 'pending' });
    await sweepWatchLists(world.deps, { most: 10 });
    expect(await verificationOf(path)).toMatchObject({ status: 'failed' });
  });

  it('admits nothing where gates ask for reports of that name', async () => {
    const { path } = await promoted(1);
    await reports(path, true);
    await asking({ gate: 'smoke', within: 'PT30M' });
    await as('admin')('PATCH', STAGING, { gates: [{ name: 'smoke' }], reason: 'a gate of that name' });
    world.at(minutes(1));
    const made = await as('dev')('POST', PROMOTIONS, {
      agent_id: 'agent-1',
      source_deployment_id: 'dep-1',
      target_gateway_id: 'gw-1',
      target_environment: 'staging',
    });
    expect(made.body).toMatchObject({ status: 'blocked', reason_code: 'evidence_missing' });
  });
});

describe('the rollback of what failed its verification', () => {
  it('is begun once though the sweep is killed at any of its commits', async () => {
    await promoted(1);
    const { id, path } = await promoted(2);
    await reports(path, false);
    const { transactions } = world.deps;
    for (const lands of [false, true]) {
      const dying: SweepDeps = {
        ...world.deps,
        sleep: () => Promise.reject(new Error('killed')),
        transactions: {
          async commit(tenant, writes) {
            if (lands) await transactions.commit(tenant, writes);
            throw new Fault('Unavailable', 'killed');
          },
        },
      };
      await sweep(dying, BOUNDS);
    }
    await swept();
    await swept();
    const begun = (await eventsOf(id)).filter(({ type }) => type === 'RollbackBegun');
    expect(begun).toHaveLength(1);
    const all = (await as('dev')('GET', PROMOTIONS)).body.items;
    expect(all.filter(({ type }: { type: string }) => type === 'rollback')).toHaveLength(1);
  });
});
