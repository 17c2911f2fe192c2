import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { httpsEgress } from '../../../functions/adapters/egress/https.ts';
import { webhookSender } from '../../../functions/adapters/webhook/sender.ts';
import { keysIn } from '../../../functions/adapters/webhook/signature.ts';
import type { ChannelOf } from '../../../functions/domain/notification/channel.ts';
import { driftEvent } from '../../../functions/domain/notification/drift-notice.ts';
import { noticesOf } from '../../../functions/domain/notification/notice.ts';
import type { EgressResult } from '../../../functions/ports/egress.ts';
import { wrongWith } from '../../domain/notification/cdevents-rules.ts';
import { channel, TARGETS } from '../../ports/channel-samples.ts';
import { promotionAfter } from '../../support/decider-specification.ts';
import { type Listener, listen } from '../../support/listener.ts';
import { PLACES } from '../../support/promotions.ts';

const DRIFT = {
  id: 'drift-1',
  tenant: 'acme',
  environment: 'staging',
  kind: 'artifact',
  name: 'platform',
  observed: { as: 'image_tag', value: 'v9' },
  recorded: 'v1',
  at: '2026-11-21T09:00:00.000Z',
  by: 'mach-ci',
} as const;

const secretOf = (seed: number, bytes = 32) => `whsec_${Buffer.alloc(bytes, seed).toString('base64')}`;
const [OLD, NEW] = [secretOf(1), secretOf(2)];
const { state, events } = promotionAfter(...PLACES.completed);
const notices = noticesOf(events, state);
const [requested] = notices;
const completed = notices.at(-1);
if (requested === undefined || completed === undefined) throw new Error('no notices');

function webhookAt(url: string): ChannelOf<'webhook'> {
  const made = channel('acme', 'chan-1', { ...TARGETS.webhook, url });
  if (made.type !== 'webhook') throw new Error('not a webhook');
  return made;
}

const senderOf = (secret: string | undefined, allowLoopback = true) =>
  webhookSender({
    egress: httpsEgress({ allowLoopback }),
    secrets: { read: async () => secret },
    clock: { now: () => new Date().toISOString() },
  });

let receiver: Listener | undefined;
afterEach(async () => {
  await receiver?.stop();
  receiver = undefined;
});

async function receiving(status = 204, headers: Record<string, string> = {}): Promise<string> {
  receiver = await listen((_, __, response) => response.writeHead(status, headers).end('no'));
  return `http://127.0.0.1:${receiver.port}/hook?token=secret`;
}

const seen = () => {
  const [first] = receiver?.received ?? [];
  if (first === undefined) throw new Error('nothing was received');
  const headers = Object.entries(first.headers).map(([name, value]) => [name, String(value)] as const);
  return { body: first.body, headers: Object.fromEntries(headers) };
};

describe('a webhook', () => {
  it('is told of a change that went past Sluice, signed like every other event', async () => {
    const url = await receiving();
    expect(await senderOf(NEW).drift(webhookAt(url), DRIFT)).toEqual({ outcome: 'delivered' });
    const { body, headers } = seen();
    const event: unknown = new Webhook(NEW).verify(body, headers);
    expect(event).toEqual(driftEvent(DRIFT));
    expect(headers['webhook-id']).toBe(DRIFT.id);
    expect(wrongWith(event)).toEqual([]);
  });

  it('is verified by the published library, with an id that is the notice’s', async () => {
    const url = await receiving();
    expect(await senderOf(NEW).send(webhookAt(url), completed)).toEqual({ outcome: 'delivered' });
    const { body, headers } = seen();
    const event: unknown = new Webhook(NEW).verify(body, headers);
    expect(wrongWith(event)).toEqual([]);
    expect(headers).toMatchObject({
      'webhook-id': completed.id,
      'content-type': 'application/cloudevents+json; charset=utf-8',
    });
    expect(event).toMatchObject({ id: completed.id, type: 'dev.cdevents.service.deployed.0.3.0' });
    expect(() => new Webhook(OLD).verify(body, headers)).toThrow('No matching signature');
    expect(() => new Webhook(NEW).verify(`${body} `, headers)).toThrow('No matching signature');
  });

  it('is signed by the old secret and the new one while receivers change over', async () => {
    const url = await receiving();
    await senderOf(`${OLD}\n${NEW}\n`).send(webhookAt(url), requested);
    const { body, headers } = seen();
    for (const secret of [OLD, NEW]) {
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({ id: requested.id });
    }
  });

  it('says the same to the byte, however often and however late it is sent', async () => {
    const url = await receiving();
    const early = promotionAfter(...PLACES['pending, waiting for approval']);
    const [then] = noticesOf(early.events, early.state);
    if (then === undefined) throw new Error('no notice');
    await senderOf(NEW).send(webhookAt(url), then);
    await senderOf(NEW).send(webhookAt(url), requested);
    const [first, second] = receiver?.received ?? [];
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  });

  it.each([
    [500, {}, { outcome: 'retry', reason: 'the receiver answered 500' }],
    [404, {}, { outcome: 'retry', reason: 'the receiver answered 404' }],
    [302, { location: 'http://127.0.0.1:1/' }, { outcome: 'retry', reason: 'the receiver answered 302' }],
    [410, {}, { outcome: 'gone', reason: 'the receiver answered 410' }],
    [
      429,
      { 'retry-after': '30' },
      { outcome: 'retry', reason: 'the receiver answered 429', after_seconds: 30 },
    ],
    [503, { 'retry-after': '999999' }, expect.objectContaining({ after_seconds: 3600 })],
    [
      503,
      { 'retry-after': 'Fri, 31 Dec 1999 23:59:59 GMT' },
      { outcome: 'retry', reason: 'the receiver answered 503' },
    ],
    [200, {}, { outcome: 'delivered' }],
  ])('takes %d %j for what it says', async (status, headers, outcome) => {
    const url = await receiving(status, headers);
    expect(await senderOf(NEW).send(webhookAt(url), requested)).toEqual(outcome);
    expect(receiver?.received).toHaveLength(1);
  });

  it('is tried again when nobody answers, and names no part of the address', async () => {
    const url = await receiving();
    await receiver?.stop();
    const sent = await senderOf(NEW).send(webhookAt(url), requested);
    expect(sent).toMatchObject({ outcome: 'retry' });
    expect(JSON.stringify(sent)).not.toMatch(/token|secret|127\.0\.0\.1/);
  });

  it.each(['http://127.0.0.1:9/', 'https://127.0.0.1:9/', 'https://10.0.0.1/', 'https://169.254.169.254/'])(
    'is never sent to %s away from one’s own machine',
    async (url) => {
      expect(await senderOf(NEW, false).send(webhookAt(url), requested)).toMatchObject({
        outcome: 'retry',
        reason: expect.stringContaining('must not be called'),
      });
    },
  );

  it('waits for a secret that can sign, and sends nothing without', async () => {
    const url = await receiving();
    for (const secret of [undefined, '', 'whsec_', 'hunter2', secretOf(1, 23), `${NEW} hunter2`]) {
      expect(await senderOf(secret).send(webhookAt(url), requested)).toEqual({
        outcome: 'retry',
        reason: 'secret_ref names no usable secret',
      });
    }
    expect(receiver?.received).toEqual([]);
  });

  it('waits ten seconds at most for an answer, of which it reads no byte', async () => {
    const asked: object[] = [];
    const answer: EgressResult = { result: 'answered', status: 200, headers: {}, body: '', truncated: true };
    const sender = webhookSender({
      egress: {
        async send(request) {
          asked.push(request);
          return answer;
        },
      },
      secrets: { read: async () => NEW },
      clock: { now: () => '2026-11-21T12:00:00.500Z' },
    });
    await sender.send(webhookAt('https://hooks.acme.com/'), requested);
    expect(asked).toMatchObject([
      { timeout_ms: 10_000, max_bytes: 0, headers: { 'webhook-timestamp': '1795262400' } },
    ]);
  });
});

describe('the keys of a secret', () => {
  it('are 24 to 64 bytes, up to five of them', () => {
    expect(keysIn(secretOf(1, 24))).toHaveLength(1);
    expect(keysIn(secretOf(1, 64))).toHaveLength(1);
    expect(keysIn(secretOf(1, 65))).toBeUndefined();
    const five = Array.from({ length: 5 }, (_, n) => secretOf(n));
    expect(keysIn(five.join(', '))).toHaveLength(5);
    expect(keysIn([...five, OLD].join(' '))).toBeUndefined();
  });
});
