import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packed } from '../../functions/handlers/http/packing.ts';
import { createWorld } from './api-world.ts';

const LONG = 'x'.repeat(20_000);
const reply = (text: string, headers: Record<string, string> = {}) => ({ status: 200, text, headers });

describe('a long answer', () => {
  it('is packed for who takes gzip, and is the same within', () => {
    const { text, headers, base64 } = packed(reply(LONG), 'gzip, deflate, br');
    expect(headers).toEqual({ vary: 'accept-encoding', 'content-encoding': 'gzip' });
    expect(base64).toBe(true);
    expect(gunzipSync(Buffer.from(text, 'base64')).toString()).toBe(LONG);
  });

  it.each([undefined, '', 'br', 'gzip;q=0', 'identity'])('stays as it is for who takes %j', (accepted) => {
    expect(packed(reply(LONG), accepted)).toEqual(reply(LONG, { vary: 'accept-encoding' }));
  });

  it('keeps what it depends on beside', () => {
    expect(packed(reply(LONG, { vary: 'Origin' }), 'gzip').headers['vary']).toBe('Origin, accept-encoding');
  });

  it('stays as it is under a strong tag, which names its bytes, and is packed under a weak one', () => {
    expect(packed(reply(LONG, { etag: '"3"' }), 'gzip')).toEqual(reply(LONG, { etag: '"3"' }));
    expect(packed(reply(LONG, { etag: 'W/"3"' }), 'gzip').base64).toBe(true);
  });

  it('is not packed twice, and a short one not at all', () => {
    const bytes = { ...reply(LONG), base64: true } as const;
    expect(packed(bytes, 'gzip')).toEqual(bytes);
    expect(packed(reply('short'), 'gzip')).toEqual(reply('short'));
  });

  it('comes so from a function that is asked over HTTP', async () => {
    const world = await createWorld();
    const answer = await world.send({
      method: 'GET',
      path: '/openapi.json',
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', 'content-type': 'application/json' });
    expect(answer.body.openapi).toMatch(/^3/);
  });
});
