import { describe, expect, it } from 'vitest';
import { lambdaLogFeeder } from '../../../functions/adapters/lambda/log-feeder.ts';
import { Fault } from '../../../functions/domain/faults.ts';
import { addDuration } from '../../../functions/domain/instant.ts';
import type { LogFeeder } from '../../../functions/ports/log-feeder.ts';
import { wakingLog } from '../../../functions/use-cases/transparency-log/waking.ts';
import { startAwsEndpoint } from '../../../local/aws-endpoint.ts';
import { asyncInvocations } from '../../../local/lambda/async-invocations.ts';
import { listen } from '../../support/listener.ts';
import { changed, logWorld, TENANT } from './world.ts';

const START = '2026-11-22T09:00:00.000Z';
const AT = { name: 'sluice-feed-log', region: 'us-east-1' } as const;
const credentials = { accessKeyId: 'LOCAL', secretAccessKey: 'LOCAL' };

/** A world whose commits wake a feeder, and whose clock a test sets. */
function waking(wake: LogFeeder['wake']) {
  let now = START;
  const world = logWorld();
  const transactions = wakingLog(world.transactions, { wake }, { now: () => now });
  const wait = (time: string) => {
    now = addDuration(START, time);
  };
  return { world: { ...world, transactions }, wait };
}

describe('a commit that is recorded', () => {
  it('wakes the feeder for its tenant, once a minute', async () => {
    const woken: string[] = [];
    const { world, wait } = waking(async (tenant) => void woken.push(tenant));
    await changed(world, 'one');
    await changed(world, 'two');
    wait('PT59.9S');
    await changed(world, 'three');
    expect(woken).toEqual([TENANT]);
    wait('PT1M');
    await changed(world, 'four');
    expect(woken).toEqual([TENANT, TENANT]);
  });

  it('stands where the feeder does not hear', async () => {
    const { world } = waking(() => Promise.reject(new Fault('Unavailable', 'Lambda did not answer')));
    await changed(world, 'one');
    expect(await world.changes.newest(TENANT)).toMatchObject({ seq: 1 });
  });
});

describe('a commit that is not recorded', () => {
  it('wakes nobody: one that appends to no chain, and one that lost', async () => {
    const woken: string[] = [];
    const { world, wait } = waking(async (tenant) => void woken.push(tenant));
    const hold = { subject: { kind: 'agent', name: 'agent-1' }, target: 'staging', held: true } as const;
    await world.transactions.commit(TENANT, [{ write: 'hold', ...hold }]);
    expect(woken).toEqual([]);
    await changed(world, 'one');
    wait('PT2M');
    const change = await world.changes.newest(TENANT);
    if (change === undefined) throw new Error('there is one');
    expect(await world.transactions.commit(TENANT, [{ write: 'change', change }])).toMatchObject({
      committed: false,
    });
    expect(woken).toEqual([TENANT]);
  });
});

describe('the feeder as a function', () => {
  it('is called asynchronously, by name, for one tenant', async () => {
    const calls: unknown[] = [];
    const endpoint = await startAwsEndpoint({ watchesTable: false, around: (_, __, perform) => perform() });
    endpoint.serve([], [asyncInvocations((name, event) => void calls.push([name, event]))]);
    try {
      await lambdaLogFeeder({ ...AT, endpoint: endpoint.url, credentials }).wake(TENANT);
      expect(calls).toEqual([['sluice-feed-log', { wake: TENANT }]]);
    } finally {
      await endpoint.stop();
    }
  });

  it('that Lambda refuses, or that is not reached, is unavailable', async () => {
    const seen: unknown[] = [];
    const refusing = await listen(({ headers }, __, response) => {
      seen.push([headers['x-amz-invocation-type'], String(headers['authorization']).slice(0, 24)]);
      response.writeHead(429).end();
    });
    const feeder = lambdaLogFeeder({ ...AT, endpoint: `http://127.0.0.1:${refusing.port}`, credentials });
    await expect(feeder.wake(TENANT)).rejects.toMatchObject({ name: 'Unavailable' });
    await refusing.stop();
    expect(seen).toEqual([['Event', 'AWS4-HMAC-SHA256 Credent']]);
    await expect(feeder.wake(TENANT)).rejects.toMatchObject({ name: 'Unavailable' });
  });
});
