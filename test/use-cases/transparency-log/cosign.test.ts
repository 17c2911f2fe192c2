import { describe, expect, it } from 'vitest';
import { isCosigned } from '../../../functions/domain/transparency-log/witness.ts';
import type { EgressRequest, EgressResult } from '../../../functions/ports/egress.ts';
import { feedLogs } from '../../../functions/use-cases/transparency-log/feed.ts';
import { provePromotion } from '../../../functions/use-cases/transparency-log/prove.ts';
import { testCosigner } from '../../support/cosigner.ts';
import { checkpointOf, END, mortal, published } from './seen.ts';
import { logWorld, READER, requested, TENANT } from './world.ts';

type Reply = { readonly status: number; readonly body: string } | 'silence';

const whole = (status: number, body: string): EgressResult => ({
  ...{ result: 'answered', status, body, headers: {}, truncated: false },
});

/** A witness that keeps the size it cosigned, and does as `answer` says instead where that says something. */
function witness(answer: (request: EgressRequest, asked: number) => Reply | undefined = () => undefined) {
  const signer = testCosigner();
  const requests: EgressRequest[] = [];
  let seen = 0;
  const egress = {
    async send(request: EgressRequest): Promise<EgressResult> {
      requests.push(request);
      const told = answer(request, requests.length);
      if (told === 'silence')
        return { result: 'unanswered', message: 'no answer in time', late: true, sent: true };
      if (told !== undefined) return whole(told.status, told.body);
      const [, old, checkpoint = ''] =
        /^old (\d+)\n(?:[A-Za-z0-9+/=]+\n)*\n(.*)$/s.exec(request.body ?? '') ?? [];
      if (Number(old) !== seen) return whole(409, `${seen}\n`);
      seen = Number(checkpoint.split('\n')[1]);
      return whole(200, signer.cosign(checkpoint));
    },
  };
  const all = [{ ...signer.cosigner, url: 'https://witness.example/log' }];
  return { ...signer, requests, witnesses: { all, egress } };
}

describe('witnesses', () => {
  it('cosign each checkpoint, which is published again and stands in every proof', async () => {
    const { witnesses, requests, cosigner } = witness();
    const world = { ...logWorld(), witnesses };
    for (const entries of [2, 4]) {
      const id = await requested(world);
      expect(await feedLogs(world, END)).toEqual({ entries: 2, faults: [], unfinished: false });
      expect(isCosigned(await checkpointOf(world), cosigner)).toBe(true);
      expect(await published(world)).toHaveLength(entries);
      const proof = await provePromotion(world, READER, id);
      expect(isCosigned(JSON.parse(String(proof)).checkpoint, cosigner)).toBe(true);
    }
    expect(requests.map(({ url, body }) => [url, body?.split('\n')[0]])).toEqual([
      ['https://witness.example/log/add-checkpoint', 'old 0'],
      ['https://witness.example/log/add-checkpoint', 'old 2'],
    ]);
    expect((await feedLogs(world, END)).entries).toBe(0);
    expect(requests).toHaveLength(2);
  });

  it('are asked from the size that they have seen, where that is another', async () => {
    const { witnesses, requests, cosigner } = witness();
    const world = logWorld();
    await requested(world);
    await feedLogs({ ...world, witnesses }, END);
    const head = await world.logTree.read(TENANT);
    const { cosigned: _, ...forgotten } = head?.head ?? { size: 0, root: '' };
    await world.logTree.swap(TENANT, head?.version ?? 0, forgotten);
    await requested(world);
    await feedLogs({ ...world, witnesses }, END);
    expect(isCosigned(await checkpointOf(world), cosigner)).toBe(true);
    expect(requests.map(({ body }) => body?.split('\n')[0])).toEqual(['old 0', 'old 0', 'old 2']);
  });

  it.each<[string, (request: EgressRequest, asked: number) => Reply, string, number]>([
    ['does not know the log', () => ({ status: 404, body: '' }), 'does not know this log', 1],
    ['does not know the key', () => ({ status: 403, body: '' }), 'does not know the key', 1],
    ['saw a fork', () => ({ status: 422, body: '' }), 'was forked', 1],
    ['saw more than there is', () => ({ status: 409, body: '99\n' }), 'has cosigned 99 entries', 1],
    ['saw another log of this size', () => ({ status: 409, body: '0\n' }), 'was forked', 1],
    ['says another size each time', (_, asked) => ({ status: 409, body: `${asked}\n` }), 'by others', 2],
    ['answers garbage', () => ({ status: 200, body: 'yes' }), 'no good cosignature', 1],
    ['cosigns what is not asked', () => ({ status: 200, body: testCosigner().cosign('x') }), 'no good', 1],
    ['breaks', () => ({ status: 500, body: '' }), 'answered 500', 1],
    ['is silent', () => 'silence', 'no answer in time', 1],
  ])('that %s stops no log, and is named', async (_, answer, problem, asked) => {
    const { witnesses, requests, name } = witness(answer);
    const world = { ...logWorld(), witnesses };
    await requested(world);
    const { entries, faults, uncosigned } = await feedLogs(world, END);
    expect([entries, faults]).toEqual([2, []]);
    expect(uncosigned).toEqual([
      { tenant: TENANT, witness: name, problem: expect.stringContaining(problem) },
    ]);
    expect(requests).toHaveLength(asked);
    expect((await checkpointOf(world)).split('\n')).toHaveLength(6);
    expect(await published(world)).toHaveLength(2);
  });

  it('that are silent are asked once in a run, whatever the number of logs', async () => {
    const { witnesses, requests } = witness(() => 'silence');
    const world = { ...logWorld(), witnesses };
    await requested(world);
    for (const tenant of ['globex', 'initech']) {
      await world.logNews.tell(tenant, { chain: 'changes', seq: 1 });
    }
    await feedLogs(world, END);
    expect(requests).toHaveLength(1);
  });

  it('leave one log behind, wherever the feeder is killed while they are asked', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let calls = 1, dead = true; dead; calls += 1) {
        const { witnesses, cosigner } = witness();
        const world = logWorld();
        await requested(world);
        const { deps, died } = mortal(world, calls, when);
        await feedLogs({ ...deps, witnesses }, END).catch(() => undefined);
        dead = died();
        await requested(world);
        expect((await feedLogs({ ...world, witnesses }, END)).faults).toEqual([]);
        expect(await published(world)).toHaveLength(4);
        expect(isCosigned(await checkpointOf(world), cosigner), `${when} call ${calls}`).toBe(true);
      }
    }
  });
});
