import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { httpsEgress } from '../../functions/adapters/egress/https.ts';
import { webhookSender } from '../../functions/adapters/webhook/sender.ts';
import { noticesOf } from '../../functions/domain/notification/notice.ts';
import { channel, TARGETS } from '../ports/channel-samples.ts';
import { promotionAfter } from '../support/decider-specification.ts';
import { PLACES } from '../support/promotions.ts';

const secretOf = (seed: number) => `whsec_${Buffer.alloc(32, seed).toString('base64')}`;
const { state, events } = promotionAfter(...PLACES.completed);
const notices = noticesOf(events, state);

/** The receiver in docs/webhooks.md, word for word, with our sender at the other end. */
describe('the receiver that the documentation shows', () => {
  const seen = vi.spyOn(console, 'log').mockImplementation(() => {});
  let port: number;
  let stop: () => void;

  beforeAll(async () => {
    const text = await readFile(new URL('../../docs/webhooks.md', import.meta.url), 'utf8');
    const [, code = ''] = /```js\n([\s\S]*?)```/.exec(text) ?? [];
    vi.stubEnv('WEBHOOK_SECRET', secretOf(1));
    vi.stubEnv('PORT', '0');
    const { receiver } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
    if (!receiver.listening) await new Promise((resolve) => receiver.once('listening', resolve));
    port = receiver.address().port;
    stop = () => receiver.close();
  });
  afterAll(() => {
    stop?.();
    vi.unstubAllEnvs();
    seen.mockRestore();
  });

  const send = async (secret: string, now = new Date().toISOString()) => {
    const target = channel('acme', 'chan-1', { ...TARGETS.webhook, url: `http://127.0.0.1:${port}/` });
    const [notice] = notices;
    if (target.type !== 'webhook' || notice === undefined) throw new Error('nothing to send');
    const sender = webhookSender({
      egress: httpsEgress({ allowLoopback: true }),
      secrets: { read: async () => secret },
      clock: { now: () => now },
    });
    return sender.send(target, notice);
  };

  it('takes what is genuine, once, also while the secret is exchanged', async () => {
    expect(await send(secretOf(1))).toEqual({ outcome: 'delivered' });
    expect(await send(`${secretOf(2)} ${secretOf(1)}`)).toEqual({ outcome: 'delivered' });
    expect(seen.mock.calls).toEqual([['dev.cdeventsx.sluice-promotion.requested.0.1.0', 'prom-1']]);
  });

  it('refuses another secret, and what is old', async () => {
    const refused = { outcome: 'retry', reason: 'the receiver answered 401' };
    expect(await send(secretOf(2))).toEqual(refused);
    expect(await send(secretOf(1), '2026-01-01T00:00:00.000Z')).toEqual(refused);
  });
});
