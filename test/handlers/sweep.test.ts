import { describe, expect, it } from 'vitest';
import { Fault } from '../../functions/domain/faults.ts';
import type { Measured } from '../../functions/handlers/metrics.ts';
import { sweepHandler } from '../../functions/handlers/schedule/sweep.ts';
import { assessHandler } from '../../functions/handlers/workflow/assess.ts';
import { awaitHandler } from '../../functions/handlers/workflow/await.ts';
import { recordDeployment } from '../../functions/use-cases/deployments/record.ts';
import type { Deps } from '../../functions/use-cases/deps.ts';
import { NO_PROVIDERS } from '../support/no-providers.ts';
import { CI, createWorld, STORES } from '../use-cases/deployments/world.ts';

/** A log that keeps what it is told. */
function kept() {
  const lines: { level: string; message: string; data?: unknown }[] = [];
  const note = (level: string) => (message: string, data?: unknown) =>
    void lines.push({ level, message, data });
  const log = {
    about() {},
    info: note('info'),
    warn: note('warn'),
    error: (message: string, _: unknown, data?: unknown) =>
      void lines.push({ level: 'error', message, data }),
  };
  return { lines, log };
}

async function deps(): Promise<Deps> {
  const [memory] = STORES;
  if (memory === undefined) throw new Error('no store');
  return (await createWorld((await memory.open()).stores)).deps;
}

describe('the sweep as a function', () => {
  it('names what it could not attend to, and does not fail for it', async () => {
    const real = await deps();
    const { lines, log } = kept();
    const poisoned: Deps = {
      ...real,
      workflowRecords: {
        ...real.workflowRecords,
        withWork: async () => ({ items: [{ tenant: 'acme', id: 'prom-1' }] }),
      },
      promotions: { ...real.promotions, read: () => Promise.reject(new Fault('Corrupt', 'unreadable')) },
    };
    const metered: Measured[] = [];
    await sweepHandler(
      () => poisoned,
      log,
      (values) => void metered.push(values),
    )();
    expect(lines).toEqual([
      { level: 'error', message: 'not_swept', data: { tenant: 'acme', promotion: 'prom-1' } },
      { level: 'info', message: 'swept', data: { attended: 1, unfinished: false } },
    ]);
    expect(metered).toEqual([{ sweep_faults: 1, overdue_seconds: 0 }]);
  });

  it('says nothing when there is nothing to do', async () => {
    const real = await deps();
    const { lines, log } = kept();
    await sweepHandler(
      () => real,
      log,
      () => {},
    )();
    expect(lines).toEqual([]);
  });
});

it('counts what changed this moment when it is told that every index has it', async () => {
  const real = await deps();
  const report = { subject: { kind: 'artifact', name: 'platform' }, environment: 'staging' } as const;
  const [id, principal] = ['dep-1', CI];
  await recordDeployment(real, { principal, report: { id, ...report, status: 'DEPLOYED', details: {} } });
  const { lines, log } = kept();
  const sweep = sweepHandler(
    () => real,
    log,
    () => {},
  );
  await sweep({ 'detail-type': 'Scheduled Event', detail: {} });
  expect(lines).toEqual([]);
  await sweep({ settled: 'PT0S' });
  expect(lines).toEqual([
    { level: 'info', message: 'deployments_counted', data: { counted: 1, unfinished: false } },
  ]);
});

describe('a step as a function', () => {
  const payload = { tenantId: 'acme', promotionId: 'prom-1', execution: 'prom-1-1' };

  it('fails under the name by which the state machine catches', async () => {
    const real = await deps();
    const { lines, log } = kept();
    const promotions = { ...real.promotions, read: () => Promise.reject(new Fault('Throttled', 'slower')) };
    const handler = assessHandler(() => ({ ...real, promotions, providers: NO_PROVIDERS }), log);
    await expect(handler(payload)).rejects.toMatchObject({ name: 'Throttled' });
    expect(lines).toMatchObject([{ level: 'error', message: 'step_failed' }]);
  });

  it.each([
    ['no promotion', { ...payload, promotionId: '' }],
    ['an execution without an attempt', { ...payload, execution: 'prom' }],
    ['no token', payload],
    ['a retry count below zero', { ...payload, token: 't', entered_time: 't', retry_count: -1 }],
  ])('refuses a payload with %s', async (_, event) => {
    const real = await deps();
    await expect(awaitHandler(() => real, kept().log)(event)).rejects.toThrow();
  });
});
