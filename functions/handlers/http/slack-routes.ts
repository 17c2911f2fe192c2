import { readInteraction } from '../../adapters/slack/interaction.ts';
import * as contract from '../../contract/slack.ts';
import { refuse } from '../../domain/refusal.ts';
import type { SlackClick } from '../../domain/slack/click.ts';
import { unreachable } from '../../domain/unreachable.ts';
import type { Queue } from '../../ports/queue.ts';
import type { SlackApp } from '../../ports/slack.ts';
import { type RecognizeDeps, recognizeSlack } from '../../use-cases/slack/recognize.ts';
import type { Answer } from './reply.ts';
import { type Route, route } from './route.ts';

export type SlackRoutesDeps = RecognizeDeps & {
  readonly slack: Pick<SlackApp, 'ask'>;
  readonly slackActions: Queue<SlackClick>;
};

/** An answer without content: Slack shows nothing more, and closes a form. */
const TAKEN: Answer = { status: 200 };

/**
 * What Slack calls. Slack waits three seconds: within them a signature is checked, a form opened, or a click put into the queue, which is
 * worked off elsewhere. Why a request is not believed is told to nobody.
 */
export const slackRoutes: readonly Route<SlackRoutesDeps>[] = [
  route(contract.slackInteraction, async ({ text, headers }, deps) => {
    const interaction = readInteraction(text);
    if (interaction === undefined) return unsigned();
    const channel = await recognizeSlack(deps, 'click' in interaction ? interaction.click : interaction, {
      timestamp: headers['x-slack-request-timestamp'],
      signature: headers['x-slack-signature'],
      body: text,
    });
    if (channel === undefined) return unsigned();
    switch (interaction.did) {
      case 'followed':
        return TAKEN;
      case 'submitted':
        await deps.slackActions.send([interaction.click]);
        return TAKEN;
      case 'pressed': {
        const { asks, click, trigger_id } = interaction;
        const asked = asks ? await deps.slack.ask(channel, click, trigger_id) : undefined;
        // Without its form a click says in words that it needs one.
        if (asked?.outcome !== 'done') await deps.slackActions.send([click]);
        return TAKEN;
      }
      default:
        return unreachable(interaction);
    }
  }),
];

const unsigned = () => refuse('not_authorized', 'this is signed by no Slack app of a channel here');
