import { beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '../../../functions/domain/faults.ts';
import type { Bench } from '../../ports/adapters.ts';
import { TARGETS } from '../../ports/channel-samples.ts';
import { asks } from '../../support/promotion-facts.ts';
import { randomStream } from '../../support/random-stream.ts';
import { SEQS, type Stage, stageOf, WHOLE } from './stage.ts';

const DONE = { outcome: 'done' };
const retry = (reason: string) => ({ outcome: 'retry', reason }) as const;

/** What a channel hears of promotions, whatever goes wrong. */
export function deliverSuite({ stores, tenant }: Bench): void {
  let stage: Stage;
  beforeEach(async () => {
    stage = stageOf(stores(), tenant());
    await stage.write(1);
  });

  describe('a channel', () => {
    test('hears every event once, in the chain’s order, and then what is new', async () => {
      await stage.lead('prom-1', []);
      expect(await stage.look()).toEqual(DONE);
      expect(stage.seqs()).toEqual([1, 2]);
      await stage.lead('prom-1', WHOLE, 2);
      expect(await stage.look()).toEqual(DONE);
      expect(await stage.look()).toEqual(DONE);
      expect(stage.seqs()).toEqual(SEQS);
      expect(await stage.position()).toBe(7);
      const history = await stage.history();
      expect(history.map(({ outcome, attempts }) => `${outcome} ${attempts}`)).toEqual(
        SEQS.map(() => 'delivered 1'),
      );
    });

    test('does not hear what its filter leaves out, and never later either', async () => {
      await stage.write(2, {
        filter: { events: ['completed'], environments: 'all', severities: 'all' },
      });
      await stage.lead('prom-1', []);
      await stage.look();
      expect(stage.seqs()).toEqual([]);
      expect(await stage.position()).toBe(2);
      await stage.write(3);
      await stage.lead('prom-1', WHOLE, 2);
      await stage.look();
      expect(stage.seqs()).toEqual([3, 4, 5, 6, 7]);
    });

    test('that is deleted, disabled or of another tenant hears nothing', async () => {
      await stage.lead('prom-1', WHOLE);
      await stage.write(2, { status: 'disabled' });
      expect(await stage.look()).toEqual(DONE);
      await stage.commit({ write: 'catalog_delete', type: 'channel', id: 'chan-1', expected: 2 });
      expect(await stage.look()).toEqual(DONE);
      const other = stageOf(stores(), tenant());
      await other.write(1);
      expect(await other.look()).toEqual(DONE);
      expect([...stage.told, ...other.told]).toEqual([]);
    });

    test('that is deleted between two events is told the one under way, and nothing after', async () => {
      await stage.lead('prom-1', WHOLE);
      stage.answer = async ({ event }) => {
        if (event.seq < 3) return { outcome: 'delivered' };
        await stage.commit({ write: 'catalog_delete', type: 'channel', id: 'chan-1', expected: 1 });
        return retry('busy');
      };
      await stage.look();
      expect(await stage.look()).toEqual(DONE);
      expect(stage.seqs()).toEqual([1, 2, 3]);
    });
  });

  describe('a receiver that fails', () => {
    test('holds back what came after, of that promotion alone; then it hears all of it, in order', async () => {
      await stage.lead('prom-1', WHOLE);
      await stage.lead('prom-2', WHOLE);
      stage.answer = async ({ promotion, event }) =>
        promotion.id === 'prom-1' && event.seq === 3 ? retry('it answered 500') : { outcome: 'delivered' };
      expect(await stage.look()).toEqual(retry('it answered 500'));
      expect(await stage.look()).toEqual(retry('it answered 500'));
      expect(await stage.look('prom-2')).toEqual(DONE);
      expect(stage.seqs()).toEqual([1, 2, 3, 3]);
      expect(stage.seqs('prom-2')).toEqual(SEQS);
      stage.answer = async () => ({ outcome: 'delivered' });
      expect(await stage.look()).toEqual(DONE);
      expect(stage.seqs()).toEqual([1, 2, 3, 3, 3, 4, 5, 6, 7]);
      const third = (await stage.history()).find(({ notice_id }) => notice_id === 'prom-1-3');
      expect(third).toMatchObject({ outcome: 'delivered', attempts: 3 });
    });

    test('says how long to wait, and that is passed on', async () => {
      await stage.lead('prom-1', []);
      stage.answer = async () => ({ ...retry('busy'), after_seconds: 60 });
      expect(await stage.look()).toEqual({ ...retry('busy'), after_seconds: 60 });
    });

    test('to the end is given up in the history, and tried again by whatever happens next', async () => {
      await stage.lead('prom-1', []);
      stage.answer = async () => retry('it answered 500');
      expect(await stage.look('prom-1', true)).toEqual(retry('it answered 500'));
      expect(await stage.history()).toMatchObject([
        { outcome: 'given_up', reason: 'it answered 500', attempts: 1 },
      ]);
      stage.answer = async () => ({ outcome: 'delivered' });
      await stage.lead('prom-1', WHOLE, 2);
      await stage.look();
      expect(stage.seqs()).toEqual([1, ...SEQS]);
    });

    test('for good on one event goes on with the next', async () => {
      await stage.lead('prom-1', []);
      stage.answer = async ({ event }) =>
        event.seq === 1 ? { outcome: 'refused', reason: 'no address' } : { outcome: 'delivered' };
      expect(await stage.look()).toEqual(DONE);
      expect((await stage.history()).map(({ outcome }) => outcome)).toEqual(['delivered', 'refused']);
    });
  });

  describe('a receiver that is gone', () => {
    beforeEach(async () => {
      await stage.lead('prom-1', WHOLE);
      stage.answer = async () => ({ outcome: 'gone', reason: 'the receiver answered 410' });
    });

    test('disables its channel, which says why, in history and among the tenant’s changes', async () => {
      expect(await stage.look()).toEqual(DONE);
      expect(await stage.look()).toEqual(DONE);
      expect(stage.seqs()).toEqual([1]);
      expect(await stage.channel()).toMatchObject({
        status: 'disabled',
        disabled_reason: 'the receiver answered 410',
        version: 2,
      });
      expect(await stage.history()).toMatchObject([{ outcome: 'gone', notice_id: 'prom-1-1' }]);
      expect(await stores().changes.newest((await stage.channel())?.tenant ?? '')).toMatchObject({
        action: 'update',
        target: { type: 'channel', id: 'chan-1' },
        reason: 'the receiver answered 410',
        actor: { kind: 'system' },
      });
    });

    test('disables it whatever else was changed meanwhile, but not one that points elsewhere by now', async () => {
      stage.answer = async () => {
        await stage.write(2, { name: 'renamed' });
        return { outcome: 'gone', reason: '410' };
      };
      await stage.look();
      expect(await stage.channel()).toMatchObject({ name: 'renamed', status: 'disabled', version: 3 });
      await stage.write(4);
      stage.answer = async () => {
        await stage.write(5, {}, { ...TARGETS.webhook, url: 'https://new.acme.com/' });
        return { outcome: 'gone', reason: '410' };
      };
      await stage.look();
      expect(await stage.channel()).toMatchObject({ status: 'active', version: 5 });
    });
  });

  describe('a crash', () => {
    const down = () => Promise.reject(new Fault('Unavailable', 'the table is away'));
    const crashing = (what: 'advance' | 'record') => ({
      deliveries: { ...stores().deliveries, [what]: down },
    });

    test.each(['advance', 'record'] as const)(
      'between sending and %s tells that event again under the same id, and skips none',
      async (what) => {
        await stage.lead('prom-1', WHOLE);
        await expect(stage.look('prom-1', false, crashing(what))).rejects.toThrow('away');
        await expect(stage.look('prom-1', false, crashing(what))).rejects.toThrow('away');
        expect(await stage.look()).toEqual(DONE);
        expect(stage.seqs()).toEqual([1, 1, ...SEQS]);
        expect(new Set(stage.told.map(({ id }) => id)).size).toBe(7);
      },
    );
  });

  test('two deliverers at once tell every event, the first time in order', async () => {
    const random = randomStream(180);
    const pause = () => new Promise((resolve) => setTimeout(resolve, random() * 5));
    await stage.lead('prom-1', []);
    stage.answer = async () => {
      await pause();
      return { outcome: 'delivered' };
    };
    const early = Promise.all([stage.look(), stage.look(), stage.look()]);
    await stage.lead('prom-1', WHOLE, 2);
    expect(await Promise.all([early, stage.look(), stage.look()])).toEqual([[DONE, DONE, DONE], DONE, DONE]);
    expect([...new Set(stage.seqs())]).toEqual(SEQS);
    expect(await stage.position()).toBe(7);
  });

  test('whoever is overtaken by one that knew less of the chain tells the rest', async () => {
    await stage.lead('prom-1', WHOLE);
    let first = true;
    const deliveries = {
      ...stores().deliveries,
      async advance(...[ref, from, to]: Parameters<Stage['deps']['deliveries']['advance']>) {
        // Another one, who has seen one event only, is faster.
        if (first) await stores().deliveries.advance(ref, 0, 1);
        first = false;
        return stores().deliveries.advance(ref, from, to);
      },
    };
    expect(await stage.look('prom-1', false, { deliveries })).toEqual(DONE);
    expect(stage.seqs()).toEqual(SEQS);
  });

  test('a chain that does not hold together is told to nobody', async () => {
    await stage.lead('prom-1', WHOLE);
    const [one, two, ...rest] = await stores().promotions.events(
      (await stage.channel())?.tenant ?? '',
      'prom-1',
    );
    if (one === undefined || two === undefined) throw new Error('no events');
    const promotions = {
      ...stores().promotions,
      events: async () => [one, { ...two, prev: null }, ...rest],
    };
    await expect(stage.look('prom-1', false, { promotions })).rejects.toMatchObject({ name: 'Corrupt' });
    expect(stage.told).toEqual([]);
  });

  test('what nobody knows is nothing to tell', async () => {
    expect(await stage.look('prom-9')).toEqual(DONE);
    await stage.lead('prom-1', [asks.cancel()]);
    expect(await stage.position()).toBe(0);
  });
}
