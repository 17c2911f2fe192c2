import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idsOf } from '../fixtures/installations/scene/seen.ts';
import { Api, type Body, until } from '../support/api.ts';
import { type Checkout, checkOut } from '../support/checkout.ts';
import { clockPreload, type Installation, installations, unpacked } from '../support/golden.ts';
import { releases } from '../support/releases.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';
import { verifyRecord } from '../support/verified-record.ts';

/** Of a list of a hundred: what happens meanwhile moves the last ones to the next page. */
const PAGE = 50;

const [last] = releases.released;
const golden = installations.findLast(({ format }) => format === last.format);

describe.skipIf(golden === undefined || releases.next.format !== last.format)(
  'the way back to the last release',
  () => {
    let checkout: Checkout;
    let old: Runtime;
    let dev: Api;
    let admin: Api;
    /** What the code of today wrote, and what each list said by it. */
    const written = new Map<string, string>();
    const lists = new Map<string, readonly string[]>();

    beforeAll(async () => {
      if (golden === undefined) throw new Error('no golden installation has the format of the last release');
      checkout = await checkOut(last.commit);
      const dataDir = await unpacked(golden);
      const runtime = await startRuntime({ SLUICE_LOCAL_CLOCK: golden.opened_at }, { dataDir });
      await writeToday(runtime, golden);
      runtime.signal('SIGTERM');
      await runtime.gone;
      const later = Date.parse(golden.opened_at) + 3_600_000;
      old = await startRuntime(
        {},
        { dataDir, code: { folder: checkout.folder, preload: clockPreload(later) } },
      );
      [dev, admin] = [await as(old, 'dev'), await as(old, 'admin')];
    });
    afterAll(async () => {
      await old?.stop();
      await checkout?.remove();
    });

    const as = async (runtime: Runtime, who: string) =>
      new Api(runtime.url, await runtime.token(`${who}@acme.com`));
    const answered = async (api: Api, path: string): Promise<Body> => {
      const { status, body } = await api.get(path);
      expect(status, `${path} ${JSON.stringify(body)}`).toBe(200);
      return body;
    };
    const is = (api: Api, id: string, status: string) =>
      until(
        () => answered(api, `/api/v1/promotions/${id}`),
        (promotion) => promotion.status === status,
      );

    /** Edits, a promotion of each kind that waits and one that is done, a freeze, and whatever opening writes. */
    async function writeToday(runtime: Runtime, { made, lists: paths }: Installation): Promise<void> {
      const [requester, alice, bob, governor] = await Promise.all(
        ['dev', 'alice', 'bob', 'admin'].map((who) => as(runtime, who)),
      );
      if (requester === undefined || alice === undefined || bob === undefined || governor === undefined)
        return;
      const ask = {
        targetEnvironment: 'production',
        promotionType: 'SELECTIVE',
        configIds: ['golden.key-20'],
      };
      const config = (await requester.post('/api/v1/config/promotions', ask)).body.id;
      for (const who of [alice, bob]) await who.post(`/api/v1/promotions/${config}/approve`);
      await is(governor, config, 'approved');
      await requester.post(`/api/v1/promotions/${made['agent approved']}/execute`);
      await is(governor, made['agent approved'] ?? '', 'completed');
      await requester.put('/api/v1/config/environments/staging/configs/golden.key-21', { value: 'of today' });
      const freeze = {
        reason: 'Frozen today',
        starts_at: '2026-11-01T00:00:00Z',
        ends_at: '2027-10-01T00:00:00Z',
      };
      await governor.post('/api/v1/environments/staging/freezes', freeze);
      await runtime.runSchedule('feed-log');
      written.set('config', config);
      for (const path of Object.keys(paths)) lists.set(path, idsOf(await answered(governor, path)));
    }

    it('shows in each list what the code of today showed', async () => {
      for (const [path, ids] of lists) {
        expect(idsOf(await answered(admin, path)), path).toEqual(expect.arrayContaining(ids.slice(0, PAGE)));
      }
    });

    it('executes what was approved by the code of today, and knows what it froze', async () => {
      const config = written.get('config') ?? '';
      const asked = await dev.post(`/api/v1/promotions/${config}/execute`);
      expect(asked.status, JSON.stringify(asked.body)).toBe(202);
      await is(admin, config, 'completed');
      expect(await answered(admin, '/api/v1/environments/staging/freezes')).toMatchObject({ frozen: true });
    });

    it('reads the configuration that the code of today wrote, and writes on', async () => {
      const path = '/api/v1/config/environments/staging/configs/golden.key-21';
      expect((await answered(admin, path)).entry.value).toBe('of today');
      expect((await dev.put(path, { value: 'of before' })).status).toBe(200);
      expect((await answered(admin, path)).entry.value).toBe('of before');
    });

    it('verifies what both have recorded, and goes on with the log', async () => {
      if (golden === undefined) throw new Error('there is no installation');
      await old.runSchedule('feed-log');
      await verifyRecord((path) => answered(admin, path), golden);
    });
  },
);
