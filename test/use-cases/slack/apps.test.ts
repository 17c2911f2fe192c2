import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SlackAppChannel } from '../../../functions/domain/slack/channel.ts';
import { linkSlackUser } from '../../../functions/use-cases/slack/people.ts';
import { appIdentity } from '../../support/slack-channels.ts';
import { STORES, TENANT } from '../deployments/world.ts';
import { requested, staged, typesOf } from '../promotions/stage.ts';
import { createSlackStage, type SlackStage } from './stage.ts';

describe.each(STORES)('the link of a Slack user, on $name,', ({ open }) => {
  const world = staged(open);
  let at: SlackStage;
  beforeEach(async () => {
    at = await createSlackStage(world());
  });
  afterEach(() => at.slack.stop());

  const approvals = async (id: string) =>
    (await typesOf(world(), id)).filter((each) => each === 'ApprovalGranted').length;
  const write = (item: SlackAppChannel, expected = 0) =>
    world().commit({ write: 'catalog', entry: { type: 'channel', item }, expected });

  it('does not count for a second channel of the same team', async () => {
    const state = await requested(world());
    const second = { ...at.channel, id: 'chan-second' };
    await write(second);
    await at.press(state, 'alice', 'approve', { offer: { ...at.offer(state), channel: second.id } });
    expect(await approvals(state.id)).toBe(0);
    expect(at.told()).toEqual([expect.stringContaining('did not count yet')]);
  });

  it('does not count for another app', async () => {
    const state = await requested(world());
    await at.press(state, 'alice', 'approve', { app: 'A2' });
    expect(await approvals(state.id)).toBe(0);
  });

  it('ends when the signing secret of the channel becomes another, and can be made again', async () => {
    const state = await requested(world());
    await write({ ...at.channel, signing_secret_ref: 'sluice/acme/slack/other', version: 2 }, 1);
    await at.press(state, 'alice', 'approve');
    expect(await approvals(state.id)).toBe(0);
    const asked = JSON.stringify(at.slack.of('chat.postEphemeral').at(-1));
    const token = /slack\/link\/([^"]+)"/.exec(asked)?.[1] ?? '';
    expect(await linkSlackUser(at.deps, { token, subject: 'alice' })).toMatchObject({ subject: 'alice' });
    await at.press(state, 'alice', 'approve');
    expect(await approvals(state.id)).toBe(1);
  });

  it('counts for each channel through which the member was linked', async () => {
    const state = await requested(world());
    const second = { ...at.channel, id: 'chan-second' };
    await write(second);
    const offer = { ...at.offer(state), channel: second.id };
    await at.press(state, 'alice', 'approve', { offer });
    const asked = JSON.stringify(at.slack.of('chat.postEphemeral').at(-1));
    const token = /slack\/link\/([^"]+)"/.exec(asked)?.[1] ?? '';
    await linkSlackUser(at.deps, { token, subject: 'alice' });
    const link = await at.deps.slackPeople.linkOf(TENANT, { team: 'T1', user: 'UALICE' });
    expect(link?.apps).toEqual([appIdentity, { ...appIdentity, channel: 'chan-second' }]);
    await at.press(state, 'alice', 'approve', { offer });
    const events = await at.deps.promotions.events(TENANT, state.id);
    const via = { channel: 'slack', notification_channel: 'chan-second', slack_app: 'A1' };
    expect(events.filter(({ event }) => event.type === 'ApprovalGranted')).toMatchObject([
      { actor: { via } },
    ]);
  });
});
