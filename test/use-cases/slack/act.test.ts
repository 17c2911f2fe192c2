import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SlackClick } from '../../../functions/domain/slack/click.ts';
import { resubmitPromotion } from '../../../functions/use-cases/promotions/resubmit.ts';
import { validatePromotion } from '../../../functions/use-cases/promotions/validate.ts';
import { linkSlackUser } from '../../../functions/use-cases/slack/people.ts';
import { STORES, TENANT } from '../deployments/world.ts';
import { ADMIN, ALICE, BOB, DEV, VIEWER } from '../promotions/people.ts';
import { requested, staged, sure, typesOf } from '../promotions/stage.ts';
import { joined } from './members.ts';
import { createSlackStage, type SlackStage, TEXT } from './stage.ts';

const DECISIONS: readonly [SlackClick['decision'], string][] = [
  ['approve', 'ApprovalGranted'],
  ['reject', 'PromotionRejected'],
  ['request_changes', 'ChangesRequested'],
];

describe.each(STORES)('a click, on $name', ({ open }) => {
  const world = staged(open);
  let at: SlackStage;
  beforeEach(async () => {
    at = await createSlackStage(world());
  });
  afterEach(() => at.slack.stop());

  const count = async (id: string, type: string) =>
    (await typesOf(world(), id)).filter((each) => each === type).length;

  it.each(DECISIONS)(
    'to %s is the act of the member who is linked, and the record says it came by Slack',
    async (decision, type) => {
      const state = await requested(world());
      expect(await at.press(state, 'alice', decision)).toEqual({ outcome: 'done' });
      const events = await at.deps.promotions.events(TENANT, state.id);
      const via = { channel: 'slack', notification_channel: 'chan-app', slack_app: 'A1' };
      const actor = { subject: 'alice', email: 'alice@acme.com', kind: 'person', via };
      expect(events.filter(({ event }) => event.type === type)).toMatchObject([{ actor }]);
    },
  );

  it('has the message say how it stands, and tells the person what they did', async () => {
    const state = await requested(world());
    await at.tell(state);
    await at.press(state, 'alice', 'approve');
    const [message] = [...at.slack.messages.values()];
    expect(message.text).toContain('It is approved by alice@acme.com.');
    expect(JSON.stringify(message.blocks)).not.toContain('sluice_approve');
    expect(at.told()).toEqual([`You approved ${state.id}.`]);
  });

  it('of whoever is not linked changes nothing, and tells them alone how to be', async () => {
    const state = await requested(world());
    await at.press(state, 'stranger', 'approve');
    expect(await count(state.id, 'ApprovalGranted')).toBe(0);
    const [answer] = at.slack.of('chat.postEphemeral');
    expect(answer).toMatchObject({ user: 'USTRANGER', text: expect.stringContaining('did not count yet') });
    const [, token = ''] =
      /https:\/\/sluice\.example\/slack\/link\/([^"]+)"/.exec(JSON.stringify(answer)) ?? [];
    await joined(world(), BOB);
    expect(await linkSlackUser(at.deps, { token, subject: 'bob' })).toMatchObject({ user: 'USTRANGER' });
    await at.press(state, 'stranger', 'approve');
    expect(await count(state.id, 'ApprovalGranted')).toBe(1);
  });

  it.each(DECISIONS)('to %s acts once, however often and at once it is delivered', async (decision, type) => {
    const state = await requested(world());
    await Promise.all(Array.from({ length: 12 }, () => at.press(state, 'alice', decision)));
    await at.press(state, 'alice', decision);
    expect(await count(state.id, type)).toBe(1);
    expect(at.told().at(-1)).toMatch(/^You /);
  });

  it('that is delivered again much later does not act on what has come since', async () => {
    const state = await requested(world());
    await at.press(state, 'alice', 'request_changes');
    const again = sure(await resubmitPromotion(at.deps, { principal: DEV, id: state.id }));
    world().advance('PT10M');
    await at.press(state, 'alice', 'request_changes');
    expect(await count(state.id, 'ChangesRequested')).toBe(1);
    await at.press(again, 'alice', 'request_changes', { id: 'another click' });
    expect(await count(state.id, 'ChangesRequested')).toBe(2);
  });

  it.each(DECISIONS)(
    'to %s on a message of before it was put forward again decides nothing',
    async (decision) => {
      const state = await requested(world());
      await at.press(state, 'alice', 'request_changes', { id: 'first' });
      world().advance('PT10M');
      const again = sure(await resubmitPromotion(at.deps, { principal: DEV, id: state.id }));
      expect(again.seal.manifest_digest).toBe(state.seal.manifest_digest);
      const before = await typesOf(world(), state.id);
      await at.press(state, 'alice', decision, { id: 'second' });
      expect(await typesOf(world(), state.id)).toEqual(before);
      expect(at.told().at(-1)).toContain('has changed since this message was written');
      await at.press(again, 'alice', decision, { id: 'third' });
      expect(await typesOf(world(), state.id)).not.toEqual(before);
    },
  );

  it.each(DECISIONS)(
    'to %s while it is given back and put forward again decides nothing',
    async (decision) => {
      const state = await requested(world());
      const commit = at.deps.transactions.commit;
      at.deps.transactions.commit = async (...asked) => {
        at.deps.transactions.commit = commit;
        await at.press(state, 'alice', 'request_changes', { id: 'first' });
        world().advance('PT0.1S');
        sure(await resubmitPromotion(at.deps, { principal: DEV, id: state.id }));
        return await commit(...asked);
      };
      await at.press(state, 'alice', decision, { id: 'second' });
      const events = await typesOf(world(), state.id);
      expect(events.filter((type) => type === 'PromotionResubmitted')).toHaveLength(1);
      expect(events.filter((type) => type === 'ChangesRequested')).toHaveLength(1);
      expect(events).not.toContain('ApprovalGranted');
      expect(events).not.toContain('PromotionRejected');
      expect(at.told().at(-1)).toContain('has changed since this message was written');
    },
  );

  it.each(DECISIONS)('to %s on an old message decides nothing about a new manifest', async (decision) => {
    const state = await requested(world());
    const rule = await world().rule('r', 'staging', 'production', {
      auto_promote: false,
      required_approvers: 2,
    });
    sure(await validatePromotion(at.deps, { principal: DEV, id: state.id, refresh: true }));
    expect(rule.required_approvers).toBe(2);
    const before = await typesOf(world(), state.id);
    await at.press(state, 'alice', decision);
    expect(await typesOf(world(), state.id)).toEqual(before);
    expect(at.told()).toEqual([expect.stringContaining('has changed since this message was written')]);
  });

  it('of the requester is refused by separation of duties, in words, and kept as a denial', async () => {
    await joined(world(), { ...DEV, grants: [...DEV.grants, ...ALICE.grants] });
    await at.link('dev');
    const state = await requested(world());
    await at.press(state, 'dev', 'approve');
    expect(await count(state.id, 'ApprovalGranted')).toBe(0);
    expect(at.told()).toEqual([
      `This did not count for ${state.id}: the requester of a promotion may not approve it.`,
    ]);
    const { items } = await at.deps.denials.list(TENANT, { limit: 10 });
    expect(items).toMatchObject([{ code: 'separation_of_duties', actor: { subject: 'dev' } }]);
  });

  it.each([
    ['may only look', VIEWER, {}, 'requires the role approver'],
    [
      'lost the role meanwhile',
      { ...BOB, grants: [{ role: 'viewer' }] } as const,
      {},
      'requires the role approver',
    ],
    ['is not active any more', BOB, { status: 'inactive' }, 'not an active member'],
    ['administers and does not approve', ADMIN, {}, 'requires the role approver'],
  ] as const)('of whoever %s does not count', async (_, person, change, why) => {
    await joined(world(), person);
    await at.link(person.subject);
    await joined(world(), person, change);
    const state = await requested(world());
    await at.press(state, person.subject, 'approve');
    expect(await count(state.id, 'ApprovalGranted')).toBe(0);
    expect(at.told()).toEqual([expect.stringContaining(why)]);
  });

  it('of somebody who is linked in another tenant is a stranger’s here', async () => {
    const state = await requested(world());
    await at.deps.slackPeople.unlink({
      tenant: TENANT,
      team: 'T1',
      user: 'UALICE',
      subject: 'alice',
    });
    await at.link('alice', 'globex');
    await at.press(state, 'alice', 'approve');
    expect(await count(state.id, 'ApprovalGranted')).toBe(0);
  });

  it('from another team than the channel’s, or on a channel that is gone, does nothing at all', async () => {
    const state = await requested(world());
    await at.press(state, 'alice', 'approve', { team: 'T2' });
    const offer = { ...at.offer(state), channel: 'chan-gone' };
    await at.press(state, 'alice', 'approve', { offer });
    expect([await count(state.id, 'ApprovalGranted'), at.slack.calls]).toEqual([0, []]);
  });

  it('that needs a text and came without one says so', async () => {
    const state = await requested(world());
    for (const decision of ['reject', 'request_changes'] as const) {
      await at.press(state, 'alice', decision, { text: '' });
    }
    expect(await typesOf(world(), state.id)).not.toContain('PromotionRejected');
    expect(at.told()).toEqual(Array(2).fill(expect.stringContaining('Slack did not open the form')));
  });

  it('whose comment is asked for carries it into the record', async () => {
    const state = await requested(world());
    await at.press(state, 'alice', 'approve', { text: TEXT });
    const events = await at.deps.promotions.events(TENANT, state.id);
    expect(JSON.stringify(events)).toContain(TEXT);
  });

  it('is tried again when Slack cannot take the answer, and has acted once', async () => {
    const state = await requested(world());
    at.slack.mischief.push({ status: 429, retry_after: 7 });
    expect(await at.press(state, 'alice', 'reject')).toEqual({
      outcome: 'retry',
      reason: 'rate_limited',
      after_seconds: 7,
    });
    expect(await at.press(state, 'alice', 'reject')).toEqual({ outcome: 'done' });
    expect(await count(state.id, 'PromotionRejected')).toBe(1);
    expect(at.told()).toEqual([`You rejected ${state.id}.`]);
  });

  it('on what is decided already says by how it stands', async () => {
    const state = await requested(world());
    await at.press(state, 'alice', 'reject');
    await at.link('bob');
    await joined(world(), BOB);
    await at.press(state, 'bob', 'approve');
    expect(at.told().at(-1)).toContain('the promotion is already rejected');
  });
});
