import { beforeEach, describe, expect, it } from 'vitest';
import { MOST_WAITS } from '../../functions/use-cases/promotions/await-move.ts';
import { ACME } from './api-world.ts';
import { alice, as, dev, path, requested, stagedWorld, world } from './promotions-world.ts';

beforeEach(stagedWorld);

/** Counts the pauses of waiting requests; `during` happens in the first of them. */
function pauses(during: () => Promise<unknown> = async () => {}): { count: number } {
  const counted = { count: 0 };
  world.deps.sleep = async (ms) => {
    expect(ms).toBe(1000);
    counted.count += 1;
    if (counted.count === 1) await during();
  };
  return counted;
}

describe('waiting for a promotion to move', () => {
  it('answers with the promotion as it is once it has moved', async () => {
    const id = await requested();
    const slept = pauses(() => alice('POST', `${path}/${id}/approve`));
    const answer = await dev('GET', `${path}/${id}?wait=20`);
    expect(answer).toMatchObject({ status: 200, body: { status: 'approved' } });
    expect(slept.count).toBe(1);
  });

  it('answers after the seconds asked for when nothing moved, one look a second', async () => {
    const id = await requested();
    const slept = pauses();
    const answer = await dev('GET', `${path}/${id}?wait=7`);
    expect(answer).toMatchObject({ status: 200, body: { status: 'pending' } });
    expect(answer.headers).not.toHaveProperty('retry-after');
    expect(slept.count).toBe(7);
  });

  it('stops at its deadline even when each look takes long', async () => {
    const id = await requested();
    let seconds = 0;
    world.deps.sleep = async () => {
      seconds += 9;
      world.at(`2026-11-21T09:00:${String(seconds).padStart(2, '0')}.000Z`);
    };
    expect(await dev('GET', `${path}/${id}?wait=20`)).toMatchObject({ status: 200 });
    expect(seconds).toBe(27);
  });

  it('answers at once when the promotion is past the version that the caller has', async () => {
    const id = await requested();
    const slept = pauses();
    const { version } = (await dev('GET', `${path}/${id}`)).body;
    await alice('POST', `${path}/${id}/approve`);
    expect(await dev('GET', `${path}/${id}?wait=20&version=${version}`)).toMatchObject({
      body: { status: 'approved' },
    });
    expect(slept.count).toBe(0);
  });

  it('answers at once when nothing can move any more', async () => {
    const id = await requested();
    await alice('POST', `${path}/${id}/reject`, { reason: 'no' });
    const slept = pauses();
    expect(await dev('GET', `${path}/${id}?wait=20`)).toMatchObject({ body: { status: 'rejected' } });
    expect(slept.count).toBe(0);
  });

  it('keeps at most twenty of a tenant waiting, and tells the others to come again', async () => {
    const id = await requested();
    const slept = pauses();
    const until = '2026-11-21T09:01:00.000Z';
    const take = (number: number) =>
      world.deps.waits.begin(ACME, { id: `other-${number}`, until }, '2026-11-21T09:00:00.000Z', MOST_WAITS);
    for (let number = 1; number < MOST_WAITS; number += 1) await take(number);
    expect((await dev('GET', `${path}/${id}?wait=1`)).headers).not.toHaveProperty('retry-after');
    await take(MOST_WAITS);
    const answer = await dev('GET', `${path}/${id}?wait=20`);
    expect(answer).toMatchObject({ status: 200, headers: { 'retry-after': '5' } });
    expect(slept.count).toBe(1);
  });

  it('gives its place back when reading fails', async () => {
    const id = await requested();
    world.deps.sleep = async () => {
      throw new Error('the process is told to stop');
    };
    for (let tries = 0; tries < MOST_WAITS + 1; tries += 1) {
      expect(await dev('GET', `${path}/${id}?wait=5`)).toMatchObject({ status: 500 });
    }
    world.deps.sleep = async () => {};
    expect((await dev('GET', `${path}/${id}?wait=1`)).headers).not.toHaveProperty('retry-after');
  });

  it.each(['21', '-1', 'x', '1.5'])('refuses wait=%s', async (wait) => {
    const id = await requested();
    expect(await dev('GET', `${path}/${id}?wait=${wait}`)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'wait' }] },
    });
  });

  it('is for those who may read it only', async () => {
    const id = await requested();
    const slept = pauses();
    expect(await as('carol')('GET', `${path}/${id}?wait=20`)).toMatchObject({ status: 404 });
    expect(await as('nobody')('GET', `${path}/${id}?wait=20`)).toMatchObject({ status: 403 });
    expect(slept.count).toBe(0);
  });
});

describe('an execution that runs', () => {
  it('is answered with where to look and when', async () => {
    const id = await requested();
    await alice('POST', `${path}/${id}/approve`);
    expect(await dev('POST', `${path}/${id}/execute`)).toMatchObject({
      status: 202,
      headers: { location: `${path}/${id}`, 'retry-after': '1' },
    });
  });
});
