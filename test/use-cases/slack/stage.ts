import { httpsEgress } from '../../../functions/adapters/egress/https.ts';
import { type SlackDeps, slackApp } from '../../../functions/adapters/slack/app.ts';
import { slackSender } from '../../../functions/adapters/slack/sender.ts';
import { standIn } from '../../../functions/adapters/slack/web-api.ts';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import type { ChannelFilter } from '../../../functions/domain/notification/channel.ts';
import { noticesOf } from '../../../functions/domain/notification/notice.ts';
import type { PromotionState } from '../../../functions/domain/promotion/state.ts';
import type { SlackClick, SlackDecision } from '../../../functions/domain/slack/click.ts';
import { actFromSlack, type SlackActDeps } from '../../../functions/use-cases/slack/act.ts';
import { SlackServer } from '../../support/slack.ts';
import { appChannel, appIdentity } from '../../support/slack-channels.ts';
import { TENANT, type World } from '../deployments/world.ts';
import { ALICE } from '../promotions/people.ts';
import { joined } from './members.ts';

/** What the people of the stage write when they are asked. */
export const TEXT = 'because it is Friday';

export type SlackStage = Awaited<ReturnType<typeof createSlackStage>>;

/** A world with a channel of the team T1, whose Slack is a real listener, and alice linked as UALICE. */
export async function createSlackStage(
  world: World,
  filter: Partial<ChannelFilter> = {},
  between: (slack: SlackServer) => Partial<Pick<SlackDeps, 'egress' | 'place'>> = () => ({}),
) {
  const slack = await SlackServer.start();
  const channel = { ...appChannel, filter: { ...appChannel.filter, ...filter } };
  const slackDeps = {
    egress: httpsEgress({ allowLoopback: true }),
    secrets: { read: async () => slack.token },
    messages: world.deps.slackMessages,
    place: standIn(slack.api),
    ...between(slack),
  };
  let tokens = 0;
  const deps: SlackActDeps = {
    ...world.deps,
    slack: slackApp(slackDeps),
    unguessable: () => `token-${tokens++}`,
    publicUrl: 'https://sluice.example',
  };
  const userOf = (subject: string) => `U${subject.toUpperCase()}`;
  const offer = ({ id, seal, resubmitted_at }: PromotionState) => ({
    tenant: TENANT,
    channel: appChannel.id,
    promotion: id,
    manifest_digest: seal.manifest_digest,
    ...(resubmitted_at === undefined ? {} : { resubmitted_at }),
  });
  const link = async (subject: string, tenant = TENANT) => {
    const token = digestOfBytes(`${tenant} ${subject}`);
    const user = { tenant, team: 'T1', user: userOf(subject), app: appIdentity };
    await deps.slackPeople.invite(token, { ...user, expires_at: '9999-12-31T00:00:00.000Z' });
    await deps.slackPeople.accept(token, { ...user, subject, linked_at: world.now });
  };
  await world.commit({ write: 'catalog', entry: { type: 'channel', item: channel }, expected: 0 });
  await joined(world, ALICE);
  await link('alice');
  return {
    slack,
    deps,
    link,
    offer,
    channel,
    sender: slackSender(slackDeps),
    /** Receivers of other channels: nobody is told. */
    silent: {
      send: () => Promise.reject(new Error('told somebody else')),
      drift: () => Promise.reject(new Error('told somebody else')),
    },
    /** Posts the message that asks for approval. */
    async tell(state: PromotionState) {
      const events = await deps.promotions.events(TENANT, state.id);
      for (const notice of noticesOf(events, state)) {
        if (notice.asks_approval) await slackSender(slackDeps).send(appChannel, notice);
      }
    },
    /** One and the same press of a button, whenever it is called with the same parts. */
    press: (state: PromotionState, who: string, decision: SlackDecision, change: Partial<SlackClick> = {}) =>
      actFromSlack(deps, {
        team: 'T1',
        user: userOf(who),
        app: appIdentity.app,
        id: `${state.id} ${decision}`,
        offer: offer(state),
        decision,
        ...(decision === 'approve' ? {} : { text: TEXT }),
        ...change,
      }),
    /** What people were told, in order. */
    told: (): readonly string[] => slack.of('chat.postEphemeral').map(({ text }) => text),
  };
}
