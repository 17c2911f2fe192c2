import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpsEgress } from '../../../functions/adapters/egress/https.ts';
import { standIn } from '../../../functions/adapters/slack/web-api.ts';
import { deliver } from '../../../functions/use-cases/notifications/deliver.ts';
import { answering, faultServer, passing, WIRE_FAULTS, type WireFault } from '../../support/fault-server.ts';
import { STORES, TENANT } from '../deployments/world.ts';
import { requested, staged } from '../promotions/stage.ts';
import { createSlackStage, type SlackStage } from '../slack/stage.ts';

/** Milliseconds for a peer that never answers, and for one that does. */
const [BRIEF, LONG] = [200, 120_000];

type Trouble = readonly [name: string, fault: WireFault, patience: number];

/** Errors of chat.postMessage and of all methods (docs.slack.dev/reference/methods/chat.postMessage). */
const ERRORS =
  `access_denied account_inactive accesslimited as_user_not_supported attachment_payload_limit_exceeded
  cannot_reply_to_message channel_not_found channel_type_not_supported deprecated_endpoint duplicate_channel_not_found
  duplicate_message_not_found ekm_access_denied enterprise_is_restricted fatal_error internal_error invalid_arg_name
  invalid_arguments invalid_array_arg invalid_auth invalid_blocks invalid_blocks_format invalid_charset invalid_form_data
  invalid_metadata_format invalid_metadata_schema invalid_post_type is_archived message_limit_exceeded messages_tab_disabled
  metadata_must_be_sent_from_app metadata_too_large method_deprecated missing_file_data missing_post_type missing_scope
  msg_blocks_too_long msg_too_long no_permission no_text not_allowed_token_type not_authed not_in_channel org_login_required
  ratelimited rate_limited request_timeout restricted_action restricted_action_non_threadable_channel
  restricted_action_read_only_channel restricted_action_thread_locked restricted_action_thread_only_channel
  service_unavailable slack_connect_canvas_sharing_blocked slack_connect_file_link_sharing_blocked
  slack_connect_lists_sharing_blocked team_access_not_granted team_added_to_org team_not_found token_expired token_revoked
  too_many_attachments too_many_contact_cards two_factor_setup_required`.split(/\s+/);
/** What a person or Slack itself mends. */
const PASSES =
  /^(channel_not_found|fatal_error|internal_error|invalid_auth|missing_scope|not_authed|not_in_channel|rate_?limited|request_timeout|service_unavailable|team_added_to_org|token_expired)$/;
/** By these the channel is over. */
const ENDS = /^(account_inactive|is_archived|token_revoked)$/;

const unanswered: readonly Trouble[] = [
  ...Object.entries(WIRE_FAULTS).map(([name, fault]): Trouble => [name, fault, BRIEF]),
  ...[301, 400, 404, 429, 500, 502, 503].map((status): Trouble => [`a ${status}`, answering(status), LONG]),
];

const [memory] = STORES;
if (memory === undefined) throw new Error('no store');

describe('Slack behind a peer that answers with', () => {
  const world = staged(memory.open);
  let peer: Awaited<ReturnType<typeof faultServer>>;
  let at: SlackStage;
  let patience = LONG;
  const works = () => {
    peer.fault = passing(Number(new URL(at.slack.origin).port));
    patience = LONG;
  };
  beforeEach(async () => {
    peer = await faultServer();
    at = await createSlackStage(world(), {}, () => ({
      place: standIn(`${peer.url}/api`),
      egress: {
        send: (request) => httpsEgress({ allowLoopback: true }).send({ ...request, timeout_ms: patience }),
      },
    }));
    works();
  });
  afterEach(async () => {
    await at.slack.stop();
    await peer.stop();
  });

  const tell = (promotion_id: string) =>
    deliver(
      { ...world().deps, senders: { slack: at.sender, email: at.silent, webhook: at.silent } },
      { tenant: TENANT, channel_id: at.channel.id, promotion_id },
      { last: false },
    );
  const history = async () =>
    (await world().deps.deliveries.history(TENANT, at.channel.id, { limit: 100 })).items;

  it.each(unanswered)(
    '%s is asked again, and shows one request for approval',
    async (_, fault, milliseconds) => {
      const { id } = await requested(world());
      peer.fault = fault;
      patience = milliseconds;
      expect(await tell(id)).toMatchObject({ outcome: 'retry' });
      expect(await history()).toMatchObject([{ outcome: 'retry' }]);
      works();
      expect(await tell(id)).toEqual({ outcome: 'done' });
      const asking = at.slack
        .of('chat.postMessage')
        .filter((message) => /sluice_approve"/.test(JSON.stringify(message)));
      expect(asking).toHaveLength(1);
      expect((await history()).map(({ outcome }) => outcome)).not.toContain('retry');
    },
  );

  it.each(ERRORS)('the error %s leaves a word of it in the history', async (error) => {
    const { id } = await requested(world());
    peer.fault = answering(200, { ok: false, error });
    const expected = PASSES.test(error) ? 'retry' : ENDS.test(error) ? 'gone' : 'refused';
    expect(await tell(id)).toMatchObject({ outcome: expected === 'retry' ? 'retry' : 'done' });
    const told = await history();
    expect(told.length).toBeGreaterThan(0);
    for (const one of told) expect(one).toMatchObject({ outcome: expected, reason: error });
    const { status } = (await world().deps.catalog.item(TENANT, 'channel', at.channel.id)) ?? {};
    expect(status).toBe(expected === 'gone' ? 'disabled' : 'active');
  });

  it.each(unanswered)(
    '%s: a click decides once, and is answered in words at last',
    async (_, fault, milliseconds) => {
      const state = await requested(world());
      await at.tell(state);
      const click = () => at.press(state, 'alice', 'approve', { response_url: `${peer.url}/response` });
      peer.fault = fault;
      patience = milliseconds;
      expect(await click()).toMatchObject({ outcome: 'retry' });
      works();
      expect(await click()).toEqual({ outcome: 'done' });
      expect(await click()).toEqual({ outcome: 'done' });
      const events = await world().deps.promotions.events(TENANT, state.id);
      expect(events.filter(({ event }) => event.type === 'ApprovalGranted')).toHaveLength(1);
      expect(at.slack.of('/response')[0]).toMatchObject({ text: expect.stringContaining('approved') });
      const [message] = [...at.slack.messages.values()];
      expect(JSON.stringify(message.blocks)).not.toContain('sluice_approve');
    },
  );
});
