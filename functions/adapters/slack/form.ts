import type { SlackClick, SlackDecision } from '../../domain/slack/click.ts';
import type { Block } from './blocks.ts';
import { plain } from './blocks.ts';
import { metadataOf } from './interaction.ts';
import { FORM, FORM_FIELD } from './names.ts';
import { LIMITS } from './text.ts';

/** Characters that the field takes: as many as Slack lets it. */
const MOST = 3_000;

const WORDS: {
  readonly [decision in SlackDecision]: {
    readonly title: string;
    readonly submit: string;
    readonly label: string;
  };
} = {
  approve: { title: 'Approve', submit: 'Approve', label: 'Why is this right?' },
  reject: { title: 'Reject', submit: 'Reject', label: 'Why not?' },
  request_changes: { title: 'Request changes', submit: 'Send', label: 'What has to change?' },
};

/** The form that asks for the text a decision needs. It carries the whole click, which Slack hands back with its submission. */
export function formFor(click: SlackClick): Block {
  const { title, submit, label } = WORDS[click.decision];
  const private_metadata = metadataOf(click);
  if (private_metadata.length > LIMITS.metadata) throw new RangeError('a form carries too much');
  return {
    type: 'modal',
    callback_id: FORM,
    private_metadata,
    title: plain(title, LIMITS.modal_title),
    submit: plain(submit, LIMITS.modal_title),
    close: plain('Cancel', LIMITS.modal_title),
    blocks: [
      {
        type: 'input',
        block_id: FORM_FIELD,
        label: plain(label, LIMITS.label),
        element: {
          type: 'plain_text_input',
          action_id: FORM_FIELD,
          multiline: true,
          min_length: 1,
          max_length: MOST,
        },
      },
    ],
  };
}
