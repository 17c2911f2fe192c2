import type { SlackDecision } from '../../domain/slack/click.ts';

/**
 * The buttons, by the names under which Slack hands them back: what each decides, and whether it asks for a text first. The names live
 * on in old messages.
 */
export const BUTTONS = {
  sluice_approve: { decision: 'approve', asks: false },
  sluice_approve_with_comment: { decision: 'approve', asks: true },
  sluice_reject: { decision: 'reject', asks: true },
  sluice_request_changes: { decision: 'request_changes', asks: true },
} as const satisfies {
  readonly [action_id: string]: { readonly decision: SlackDecision; readonly asks: boolean };
};
export type ButtonName = keyof typeof BUTTONS;

/** The button that opens an address: Slack tells of it too. */
export const LINK_BUTTON = 'sluice_link';

/** Names of the buttons' block, of the form that asks, and of its field. */
export const BUTTONS_BLOCK = 'sluice_buttons';
export const FORM = 'sluice_form';
export const FORM_FIELD = 'text';
