import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api } from '../../support/api.ts';
import { programPath, skipWithout } from '../../support/programs.ts';
import type { Runtime } from '../../support/runtime.ts';

/** Public clients of flags, on flags of staging. */
export function openFeatureTests(shared: () => Runtime): void {
  let runtime: Runtime;
  let dev: Api;
  let key: string;
  const flags = '/api/v1/config/environments/staging/flags';

  beforeAll(async () => {
    runtime = shared();
    const token = await runtime.token('dev@acme.com');
    dev = new Api(runtime.url, token);
    const admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
    const given = { name: 'clients', environment: 'staging', type: 'server' };
    key = (await admin.post('/api/v1/flag-keys', given)).body.key;
    const provider = new OFREPProvider({
      baseUrl: runtime.url,
      headers: { authorization: `Bearer ${token}`, 'x-sluice-environment': 'staging' },
    });
    await OpenFeature.setProviderAndWait(provider);
  });
  afterAll(() => OpenFeature.close());

  describe('the public OpenFeature SDK with its OFREP provider', () => {
    it('evaluates flags of every type, by rules and splits', async () => {
      const client = OpenFeature.getClient();
      expect(await client.getBooleanDetails('new-dashboard', false)).toMatchObject({
        value: true,
        variant: 'on',
        reason: 'STATIC',
      });
      await dev.put(`${flags}/banner`, {
        enabled: true,
        variants: { plain: 'Hello', warm: 'Welcome back' },
        defaultVariant: 'plain',
        targeting: { rules: [{ when: { field: 'visits', op: 'gt', value: 1 }, variant: 'warm' }] },
      });
      expect(await client.getStringValue('banner', '', { visits: 1 })).toBe('Hello');
      expect(await client.getStringDetails('banner', '', { visits: 2 })).toMatchObject({
        value: 'Welcome back',
        reason: 'TARGETING_MATCH',
      });
      await dev.put(`${flags}/limits`, {
        enabled: true,
        variants: { low: { rows: 10 }, high: { rows: 1000 } },
        defaultVariant: 'low',
        targeting: {
          otherwise: {
            split: [
              { variant: 'low', weight: 50 },
              { variant: 'high', weight: 50 },
            ],
          },
        },
      });
      const got = new Set<string>();
      for (let n = 0; n < 12; n += 1) {
        const ask = () => client.getObjectDetails('limits', {}, { targetingKey: `user-${n}` });
        const [first, again] = [await ask(), await ask()];
        expect(first).toMatchObject({ reason: 'SPLIT' });
        expect(again.value).toEqual(first.value);
        got.add(String(first.variant));
      }
      expect([...got].sort()).toEqual(['high', 'low']);
      expect(await client.getObjectDetails('limits', { rows: -1 })).toMatchObject({
        value: { rows: -1 },
        errorCode: 'TARGETING_KEY_MISSING',
      });
    });

    it('falls back to the default of the code for what is disabled, unknown or of another type', async () => {
      const client = OpenFeature.getClient();
      expect(await client.getBooleanValue('query-history', true)).toBe(true);
      expect(await client.getBooleanValue('query-history', false)).toBe(false);
      expect(await client.getBooleanDetails('unknown', true)).toMatchObject({
        value: true,
        errorCode: 'FLAG_NOT_FOUND',
      });
      expect(await client.getNumberDetails('new-dashboard', 7)).toMatchObject({
        value: 7,
        errorCode: 'TYPE_MISMATCH',
      });
    });

    it('is spared flags that it has: the ETag covers root and context', async () => {
      const bulk = (context: object, headers = {}) =>
        dev.post('/ofrep/v1/evaluate/flags', { context }, { 'x-sluice-environment': 'stg', ...headers });
      const first = await bulk({ targetingKey: 'a' });
      const has = { 'if-none-match': first.headers.get('etag') ?? '' };
      expect(first.body.flags.map(({ key }: { key: string }) => key)).toContain('new-dashboard');
      expect((await bulk({ targetingKey: 'a' }, has)).status).toBe(304);
      expect((await bulk({ targetingKey: 'b' }, has)).status).toBe(200);
      await dev.put(`${flags}/later`, { enabled: true, variants: { on: true }, defaultVariant: 'on' });
      expect((await bulk({ targetingKey: 'a' }, has)).status).toBe(200);
      expect((await dev.post('/ofrep/v1/evaluate/flags', {})).status).toBe(400);
    });
  });

  /** What a program in Python gets of two flags: the value, the reason, and whatever was logged. */
  const PYTHON = `
import json, logging, sys
from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
logged = []
handler = logging.Handler()
handler.emit = lambda record: logged.append(record.getMessage())
logging.getLogger().addHandler(handler)
url, key = sys.argv[1:]
api.set_provider(OFREPProvider(url, headers_factory=lambda: {"Authorization": "Bearer " + key}))
client = api.get_client()
found = [client.get_boolean_details(flag, False) for flag in ("new-dashboard", "query-history")]
told = [{"value": one.value, "reason": one.reason, "error": one.error_code} for one in found]
print(json.dumps({"told": told, "logged": logged}))
`;

  describe('a public provider with a URL and a flag key, and nothing else', () => {
    it.each([
      ['bearer token', () => ({ authorization: `Bearer ${key}` })],
      ['X-API-Key', () => ({ 'x-api-key': key })],
    ])('of JavaScript evaluates flags, by %s', async (name, headers) => {
      const provider = new OFREPProvider({ baseUrl: runtime.url, headers: headers() });
      await OpenFeature.setProviderAndWait(name, provider);
      const client = OpenFeature.getClient(name);
      expect(await client.getBooleanDetails('new-dashboard', false)).toMatchObject({
        value: true,
        reason: 'STATIC',
      });
      expect(await client.getBooleanDetails('query-history', true)).toMatchObject({ value: true });
      expect(await client.getBooleanDetails('unknown', true)).toMatchObject({ errorCode: 'FLAG_NOT_FOUND' });
    });

    it.skipIf(skipWithout('openfeature-python'))(
      'of Python evaluates flags, and logs nothing of a disabled one',
      async () => {
        const python = programPath('openfeature-python') ?? '';
        const { stdout } = await promisify(execFile)(python, ['-c', PYTHON, runtime.url, key]);
        expect(JSON.parse(stdout)).toEqual({
          told: [
            { value: true, reason: 'STATIC', error: null },
            { value: false, reason: 'DISABLED', error: null },
          ],
          logged: [],
        });
      },
    );

    it('is answered in a browser of its own origin, whose preflight has no key', async () => {
      const url = `${runtime.url}/ofrep/v1/evaluate/flags`;
      const origin = 'https://app.acme.com';
      const asked = { origin, 'access-control-request-method': 'POST' };
      const preflight = await fetch(url, { method: 'OPTIONS', headers: asked });
      expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, origin]);
      expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(401);
    });
  });
}
