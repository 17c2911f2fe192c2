import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STATUSES } from '../../functions/domain/promotion/state.ts';
import { verifyProof } from '../../functions/domain/transparency-log/proof.ts';
import { idsOf } from '../fixtures/installations/scene/seen.ts';
import { Api, type Body, until } from '../support/api.ts';
import { installations, opened } from '../support/golden.ts';
import { releases } from '../support/releases.ts';
import type { Runtime } from '../support/runtime.ts';
import { verifyRecord } from '../support/verified-record.ts';

/** The status of what is named otherwise. */
const SAID = new Map([
  ['half approved', 'pending'],
  ['given back', 'pending'],
  ['rolled back', 'rolled_back'],
]);

it('there is a golden installation of each format that a release had, and of the next one', () => {
  const formats = [releases.next, ...releases.released].map(({ format }) => format);
  expect(installations.map(({ format }) => format)).toEqual([...new Set(formats)].sort((a, b) => a - b));
});

describe.each(installations)(
  'the golden installation of format $format, opened by the code of today,',
  (golden) => {
    let runtime: Runtime;
    let dev: Api;
    let admin: Api;
    beforeAll(async () => {
      runtime = await opened(golden);
      dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
      admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
    });
    afterAll(() => runtime?.stop());

    const of = (name: string) => `/api/v1/promotions/${golden.made[name]}`;
    /** Asks again where the gateway itself answers, since the machine is too busy for a function to answer in time. */
    const answered = async (path: string): Promise<Body> => {
      let left = 5;
      const { status, body } = await until(
        () => admin.get(path),
        ({ body: { message } }) => message !== 'Internal Server Error' || --left === 0,
      );
      expect(status, `${path} ${JSON.stringify(body)}`).toBe(200);
      return body;
    };

    it('has in each list what was there', async () => {
      for (const [path, ids] of Object.entries(golden.lists)) {
        expect(idsOf(await answered(path)), path).toEqual(expect.arrayContaining(ids));
      }
    });

    it('has one of each noun, and every view of a promotion', async () => {
      for (const path of golden.ones) await answered(path);
    });

    it('keeps each promotion in its status, and every approval of those that are open', async () => {
      for (const [name, id] of Object.entries(golden.made)) {
        const fate = name.replace(/^(agent|config|artifact) /, '');
        const status = STATUSES.find((one) => one === (SAID.get(fate) ?? fate));
        if (status !== undefined)
          expect((await answered(`/api/v1/promotions/${id}`)).status, name).toBe(status);
      }
      expect(Object.keys(golden.approvals).length).toBeGreaterThan(8);
      for (const [id, emails] of Object.entries(golden.approvals)) {
        const { approvals } = await answered(`/api/v1/promotions/${id}`);
        expect(approvals.map(({ email }: { email: string }) => email).sort(), id).toEqual(emails);
      }
    });

    it('finds by person who asked for changes, once the daily run has listed what the release before did not', async () => {
      const of = async () => idsOf(await answered('/api/v1/audit?person=alice%40acme.com&limit=100'));
      const asked = Object.entries(golden.made).filter(([name]) => name.endsWith(' given back'));
      expect(asked.length).toBeGreaterThan(1);
      await runtime.runSchedule('garbage');
      expect(await of()).toEqual(expect.arrayContaining(asked.map(([, id]) => id)));
    });

    const executed = async (path: string): Promise<Body> => {
      const asked = await dev.post(`${path}/execute`);
      expect(asked.status, JSON.stringify(asked.body)).toBe(202);
      return until(
        () => answered(path),
        ({ status, reason_code }) =>
          ['completed', 'failed'].includes(status) || reason_code === 'change_set_changed',
      );
    };

    it.each(['agent', 'config'])('executes an approved promotion of the kind %s', async (kind) => {
      expect(await executed(of(`${kind} approved`))).toMatchObject({ status: 'completed' });
    });

    it('asks for the approvals of an artifact again, since another version was in its place meanwhile, and executes it then', async () => {
      const path = of('artifact approved');
      expect(await executed(path)).toMatchObject({ status: 'pending', reason_code: 'change_set_changed' });
      for (const who of ['alice', 'bob']) {
        const approver = new Api(runtime.url, await runtime.token(`${who}@acme.com`));
        expect((await approver.post(`${path}/approve`)).status).toBe(200);
      }
      expect(await executed(path)).toMatchObject({ status: 'completed' });
    });

    it('is refused what is frozen, locked or not for the caller', async () => {
      const frozen = await dev.post(`${of('config frozen')}/execute`);
      expect(frozen).toMatchObject({ status: 423, body: { code: 'frozen', reason: 'Quarter close' } });
      expect(await answered('/api/v1/environments/sandbox')).toMatchObject({
        lock: { reason: 'An incident' },
      });
      expect((await dev.post(`${of('agent half approved')}/approve`)).status).toBe(403);
    });

    it('edits a key, and evaluates a flag by its key', async () => {
      const path = '/api/v1/config/environments/staging/configs/golden.key-3';
      expect((await dev.put(path, { value: 'edited today' })).status).toBe(200);
      expect((await answered(path)).entry.value).toBe('edited today');
      const key = { authorization: `Bearer ${golden.made['TEST ONLY server']}` };
      const asked = (plan: string) =>
        new Api(runtime.url, '').post('/ofrep/v1/evaluate/flags/golden-flag-0', { context: { plan } }, key);
      expect(await asked('pro')).toMatchObject({ status: 200, body: { value: 'on-0' } });
      expect(await asked('free')).toMatchObject({ status: 200, body: { value: 'off' } });
    });

    it('verifies: the export, the log after a checkpoint that was kept, and a proof that was kept', async () => {
      await runtime.runSchedule('feed-log');
      await verifyRecord(answered, golden);
      const { public_key, proof } = golden.log;
      expect(verifyProof(proof, public_key)).toMatchObject({ promotion: golden.made['agent completed'] });
    });
  },
);
