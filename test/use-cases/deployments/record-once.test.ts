import { describe, expect, it } from 'vitest';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import { Fault } from '../../../functions/domain/faults.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import type { StoredAnswer } from '../../../functions/ports/transaction.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import type { DeploymentReport } from '../../../functions/use-cases/deployments/request.ts';
import { eachOn, record, refused, report, revisions, world } from './record-world.ts';
import { DEV, person, STORES, T0, TENANT, type World } from './world.ts';

describe.each(STORES)('recording a deployment, on $name', ({ open }) => {
  eachOn(open);

  describe('the same id again', () => {
    it('is answered with what is recorded, and writes nothing', async () => {
      const first = await record({ version_label: '1.0.0', details: { notes: 'first' } });
      world.advance('PT1H');
      const again = await record({
        version_label: '1.0.0',
        details: { notes: 'second' },
        environment: 'dev',
      });
      expect(again).toEqual({ deployment: first.deployment, created: false });
      expect(await revisions()).toHaveLength(1);
      expect(world.published).toHaveLength(1);
    });

    it.each([
      ['another agent', { subject: { kind: 'agent', name: 'agent-9' } }],
      ['another environment', { environment: 'staging' }],
      ['another gateway', { gateway_id: 'gw-2' }],
      ['another version', { version_label: '2.0.0' }],
      ['another digest', { digest: digestOfBytes('other') }],
      ['a status that it cannot come to', { status: 'PENDING', details: { gitCommit: 'abc' } }],
      ['another time', { live_at: '2026-03-01T08:59:59.000Z' }],
      ['other details', { details: { gitCommit: 'abc' } }],
    ] satisfies [string, Partial<DeploymentReport>][])('is a conflict with %s', async (_, more) => {
      await record();
      expect(await refused(more)).toMatchObject({ refused: 'conflict', data: { id: 'dep-456' } });
      expect(await revisions()).toHaveLength(1);
    });

    it.each([
      ['PENDING', 'DEPLOYED'],
      ['PENDING', 'FAILED'],
      ['DEPLOYED', 'ROLLED_BACK'],
      ['DEPLOYED', 'FAILED'],
    ] as const)('is the report of its outcome: %s becomes %s', async (first, status) => {
      await record({ status: first });
      const again = await record({ status });
      expect(again).toMatchObject({ created: false, deployment: { id: 'dep-456', status } });
      expect(await record({ status: first })).toEqual(again);
      expect(await record({ status })).toEqual(again);
    });

    it.each([
      ['FAILED', 'DEPLOYED'],
      ['ROLLED_BACK', 'FAILED'],
    ] as const)('is a conflict where %s would become %s', async (first, status) => {
      await record({ status: first });
      expect(await refused({ status })).toMatchObject({ refused: 'conflict' });
    });

    it('takes the authority that recording takes', async () => {
      await record();
      expect(await refused({}, person('eve', 'viewer'))).toMatchObject({ refused: 'not_authorized' });
    });

    it('is one deployment when it comes many times at once', async () => {
      const all = await Promise.all(Array.from({ length: 8 }, () => record()));
      expect(all.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(all.map(({ deployment }) => JSON.stringify(deployment))).size).toBe(1);
      expect(await revisions()).toHaveLength(1);
    });
  });

  it('is one deployment when its commit took effect and the answer was lost, id or not', async () => {
    const { commit } = world.deps.transactions;
    let silent = true;
    const deaf: World['deps'] = {
      ...world.deps,
      transactions: {
        commit: async (tenant, writes) => {
          const result = await commit(tenant, writes);
          if (!silent) return result;
          silent = false;
          throw new Fault('Unavailable', 'the answer was lost');
        },
      },
    };
    const { id: _, ...anonymous } = report();
    const recorded = await recordDeployment(deaf, { principal: DEV, report: anonymous });
    expect(recorded).toMatchObject({ deployment: { status: 'DEPLOYED' } });
    expect(await revisions()).toHaveLength(1);
  });

  it('gives up after 20 seconds when the table stays away', async () => {
    const away = { commit: () => Promise.reject(new Fault('Unavailable', 'the table is away')) };
    const deps: World['deps'] = { ...world.deps, transactions: away };
    await expect(recordDeployment(deps, { principal: DEV, report: report() })).rejects.toMatchObject({
      name: 'Unavailable',
    });
    expect(world.now > '2026-03-01T09:00:20.000Z' && world.now < '2026-03-01T09:00:22.000Z').toBe(true);
  });

  it('loses no revision when many record one slot at once', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, n) => record({ id: `dep-${n}` })));
    const numbers = (await revisions()).map(({ number }) => number);
    expect(numbers).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('keeps the answer with the record, and never two records for one key', async () => {
    const key = digestOfBytes('key');
    const answer = (): StoredAnswer => ({
      key,
      body_digest: digestOfBytes('body'),
      status: 201,
      headers: {},
      body: '{}',
      expires_at: '2026-03-02T09:00:00.000Z',
    });
    const { id: _, ...anonymous } = report();
    const twice = await Promise.all(
      [1, 2].map(() => recordDeployment(world.deps, { principal: DEV, report: anonymous, answer })),
    );
    expect(twice.filter(isRefusal)).toMatchObject([{ refused: 'conflict' }]);
    expect(await world.deps.answers.read(TENANT, key, T0)).toMatchObject({ status: 201 });
    expect(await revisions()).toHaveLength(1);
  });
});
