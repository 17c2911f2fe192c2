import { beforeEach, describe, expect, it } from 'vitest';
import type { ChannelOf } from '../../../functions/domain/notification/channel.ts';
import type { DriftNotice } from '../../../functions/domain/notification/drift-notice.ts';
import { type Notice, noticesOf } from '../../../functions/domain/notification/notice.ts';
import type { Mail } from '../../../functions/ports/mailer.ts';
import type { Sent } from '../../../functions/ports/sender.ts';
import { memberOf } from '../../../functions/use-cases/administration/found-tenant.ts';
import { type EmailDeps, emailSender } from '../../../functions/use-cases/notifications/email-sender.ts';
import { ACME, createWorld, START, type World } from '../../handlers/api-world.ts';
import { furnish } from '../../handlers/furniture.ts';
import { channel } from '../../ports/channel-samples.ts';

const DELIVERED: Sent = { outcome: 'delivered' };

function mailTo(recipients: ChannelOf<'email'>['recipients']): ChannelOf<'email'> {
  const made = channel(ACME, 'chan-mail', { type: 'email', recipients });
  if (made.type !== 'email') throw new Error('not a channel for mail');
  return made;
}

describe('mail to a channel', () => {
  let world: World;
  let mails: Mail[];
  let promotion: string;
  let answer: (mail: Mail) => Sent;
  beforeEach(async () => {
    world = await createWorld();
    promotion = (await furnish(world)).promotion;
    mails = [];
    answer = () => DELIVERED;
  });

  const sender = (ask?: EmailDeps['ask']) =>
    emailSender({
      ...world.deps,
      ...(ask === undefined ? {} : { ask }),
      mailer: {
        async send(mail) {
          mails.push(mail);
          return answer(mail);
        },
      },
    });

  /** The promotion's notices as they would be told now. */
  async function notices(): Promise<readonly Notice[]> {
    const stored = await world.deps.promotions.read(ACME, promotion);
    if (stored === undefined) throw new Error('no promotion');
    return noticesOf(await world.deps.promotions.events(ACME, promotion), stored.state);
  }

  async function noticeOf(chosen: (notice: Notice) => boolean): Promise<Notice> {
    const found = (await notices()).find(chosen);
    if (found === undefined) throw new Error('no such notice');
    return found;
  }

  const asks = (notice: Notice) => notice.asks_approval;
  const addresses = () => mails.map(({ to }) => to).toSorted();

  it('tells of a change that went past Sluice, once to each, its texts escaped', async () => {
    const drift: DriftNotice = {
      id: 'drift-1',
      tenant: ACME,
      environment: 'production',
      kind: 'artifact',
      name: 'platform',
      observed: { as: 'image_tag', value: '<b>v9</b>\nBcc: x@evil.example' },
      recorded: 'v1',
      at: START,
      by: 'mach-ci',
    };
    answer = ({ to }) => (to === 'b@acme.com' ? { outcome: 'retry', reason: 'later' } : DELIVERED);
    const channel = mailTo(['a@acme.com', 'b@acme.com']);
    expect(await sender().drift(channel, drift)).toMatchObject({ outcome: 'retry' });
    answer = () => DELIVERED;
    expect(await sender().drift(channel, drift)).toMatchObject({ outcome: 'delivered' });
    expect(mails.map(({ to }) => to)).toEqual(['a@acme.com', 'b@acme.com', 'b@acme.com']);
    const [mail] = mails;
    expect(mail?.subject).toMatch(/^production: artifact platform runs the image tag/);
    expect(mail?.subject).not.toContain('\n');
    expect(mail?.html).not.toContain('<b>v9');
    mails = [];
    await sender().drift(mailTo('approvers'), drift);
    expect(addresses()).toEqual(['alice@acme.com', 'bob@acme.com']);
  });

  it('that asks for approval goes to each who may approve, one mail each', async () => {
    expect(await sender().send(mailTo('approvers'), await noticeOf(asks))).toEqual({
      outcome: 'delivered',
      reference: '2 mails',
    });
    expect(addresses()).toEqual(['alice@acme.com', 'bob@acme.com']);
    expect(mails[0]).toMatchObject({
      subject: 'agent agent-123, staging to production: waits for approval',
      text: expect.stringContaining(promotion),
    });
  });

  it('that asks is written for each of them, and only that mail', async () => {
    const ask = async (_: Notice, { subject }: { readonly subject: string }) => ({
      subject: `for ${subject}`,
      text: '',
      html: '',
    });
    await sender(ask).send(mailTo('approvers'), await noticeOf(asks));
    await sender(ask).send(mailTo(['ops@acme.com']), { ...(await noticeOf(asks)), id: 'other' });
    const [first] = await notices();
    if (first !== undefined) await sender(ask).send(mailTo('approvers'), first);
    expect(mails.map(({ subject }) => subject).filter((subject) => subject.startsWith('for '))).toEqual([
      'for alice',
      'for bob',
    ]);
    expect(mails).toHaveLength(5);
  });

  it('that asks goes to the last of very many members too', async () => {
    for (let n = 0; n < 12; n += 1) {
      const writes = Array.from({ length: 90 }, (_, i) => {
        const subject = `m-${String(90 * n + i).padStart(4, '0')}`;
        const member = { subject, email: `${subject}@acme.com`, groups: [], grants: [] };
        return { write: 'membership', membership: memberOf(ACME, member, START), expected: 0 } as const;
      });
      await world.commit(ACME, ...writes);
    }
    const last = {
      subject: 'zoe',
      email: 'zoe@acme.com',
      groups: [],
      grants: [{ role: 'approver' }],
    } as const;
    await world.commit(ACME, { write: 'membership', membership: memberOf(ACME, last, START), expected: 0 });
    await sender().send(mailTo('approvers'), await noticeOf(asks));
    expect(addresses()).toEqual(['alice@acme.com', 'bob@acme.com', 'zoe@acme.com']);
  });

  it('that asks goes to nobody once the promotion has moved on', async () => {
    await world.as('alice')('POST', `/api/v1/promotions/${promotion}/reject`, { reason: 'no' });
    expect(await sender().send(mailTo('approvers'), await noticeOf(asks))).toMatchObject({
      outcome: 'delivered',
    });
    expect(mails).toEqual([]);
  });

  it('leaves out whoever may not approve: the requester, and who has approved already', async () => {
    await world.as('admin')('PATCH', '/api/v1/members/dev', {
      roles: [{ role: 'approver' }, { role: 'developer' }],
    });
    await sender().send(mailTo('approvers'), await noticeOf(asks));
    expect(addresses()).toEqual(['alice@acme.com', 'bob@acme.com']);
  });

  it('that only tells goes to all who approve there, and to addresses once each', async () => {
    await world.as('alice')('POST', `/api/v1/promotions/${promotion}/reject`, { reason: 'no <b>' });
    const rejected = await noticeOf(({ verb }) => verb === 'rejected');
    await sender().send(mailTo('approvers'), rejected);
    expect(addresses()).toEqual(['alice@acme.com', 'bob@acme.com']);
    mails = [];
    await sender().send(mailTo(['ops@acme.com', 'oncall@acme.com', 'ops@acme.com']), {
      ...rejected,
      id: 'other',
    });
    expect(addresses()).toEqual(['oncall@acme.com', 'ops@acme.com']);
    expect(mails[0]?.html).toContain('no &#60;b&#62;');
    expect(mails[0]?.text).toContain('no <b>');
  });

  it('does not fail for one address that is refused', async () => {
    answer = ({ to }) => (to.startsWith('bad') ? { outcome: 'refused', reason: 'no' } : DELIVERED);
    const notice = await noticeOf(asks);
    expect(await sender().send(mailTo(['bad@x.com', 'good@x.com']), notice)).toEqual({
      outcome: 'delivered',
      reference: '1 mails, 1 refused',
    });
    const other = { ...mailTo(['bad@y.com']), id: 'chan-other' };
    expect(await sender().send(other, notice)).toMatchObject({ outcome: 'refused' });
  });

  it('that is tried again goes only to those who were not reached', async () => {
    answer = ({ to }) => (to.startsWith('slow') ? { outcome: 'retry', reason: 'slower' } : DELIVERED);
    const notice = await noticeOf(asks);
    const to = mailTo(['slow@x.com', 'good@x.com']);
    expect(await sender().send(to, notice)).toEqual({ outcome: 'retry', reason: 'slower' });
    answer = () => DELIVERED;
    expect(await sender().send(to, notice)).toEqual({ outcome: 'delivered', reference: '1 mails' });
    expect(await sender().send(to, notice)).toEqual({ outcome: 'delivered', reference: '0 mails' });
    expect(mails.map((mail) => mail.to)).toEqual(['slow@x.com', 'good@x.com', 'slow@x.com']);
  });

  it('that is tried again reaches nobody twice, though all others are gone meanwhile', async () => {
    const notice = await noticeOf(asks);
    answer = ({ to }) => (to.startsWith('slow') ? { outcome: 'retry', reason: 'later' } : DELIVERED);
    const mails: string[] = [];
    const sender = emailSender({
      ...world.deps,
      mailer: {
        async send(mail) {
          mails.push(mail.to);
          return answer(mail);
        },
      },
    });
    await sender.send(mailTo(['a@x.com', 'slow@x.com']), notice);
    await sender.send(mailTo(['a@x.com']), notice);
    expect(mails).toEqual(['a@x.com', 'slow@x.com']);
  });

  it('notes who was mailed while others are left to mail, and of drift everybody', async () => {
    const noted: string[] = [];
    const { deliveries } = world.deps;
    const counting = emailSender({
      ...world.deps,
      deliveries: {
        ...deliveries,
        async deliveredTo(...asked) {
          noted.push('?');
          return await deliveries.deliveredTo(...asked);
        },
        async markDelivered(...told) {
          noted.push('!');
          await deliveries.markDelivered(...told);
        },
      },
      mailer: { send: async (mail) => answer(mail) },
    });
    const notice = await noticeOf(asks);
    const spent = async (act: () => Promise<unknown>) => {
      await act();
      return noted.splice(0).join('');
    };
    expect(await spent(() => counting.send(mailTo(['a@x.com']), notice))).toBe('?');
    expect(await spent(() => counting.send(mailTo(['b@x.com', 'c@x.com', 'd@x.com']), notice))).toBe('?!!');
    answer = ({ to }) => (to.startsWith('slow') ? { outcome: 'retry', reason: 'later' } : DELIVERED);
    expect(await spent(() => counting.send(mailTo(['slow@x.com', 'e@x.com']), notice))).toBe('?!');
    const drift: DriftNotice = {
      id: 'drift-2',
      tenant: ACME,
      environment: 'production',
      kind: 'artifact',
      name: 'platform',
      observed: { as: 'image_tag', value: 'v9' },
      recorded: 'v1',
      at: START,
      by: 'mach-ci',
    };
    expect(await spent(() => counting.drift(mailTo(['a@x.com']), drift))).toBe('?!');
  });
});
