import { cut, cutMarkup, LIMITS } from './text.ts';

/** A message or a view, in Slack's own words. */
export type Block = { readonly type: string; readonly [member: string]: unknown };
export type Message = { readonly text: string; readonly blocks: readonly Block[] };
export type Button = Block & { readonly type: 'button'; readonly action_id: string };

/** Markup that is shown as written: Slack adds no links and no mentions of its own. Its parts are escaped already. */
export function markup(text: string, most: number) {
  return { type: 'mrkdwn', text: cutMarkup(text, most), verbatim: true } as const;
}

export const plain = (text: string, most: number) =>
  ({ type: 'plain_text', text: cut(text, most), emoji: false }) as const;

export const section = (text: string): Block => ({ type: 'section', text: markup(text, LIMITS.section) });

/** Pairs of a label and its content, beside each other. */
export const fields = (pairs: readonly (readonly [label: string, content: string])[]): Block => ({
  type: 'section',
  fields: pairs
    .slice(0, LIMITS.fields)
    .map(([label, content]) => markup(`*${label}*\n${content}`, LIMITS.field)),
});

export const context = (text: string): Block => ({
  type: 'context',
  elements: [markup(text, LIMITS.context)],
});

export const actions = (block_id: string, elements: readonly Button[]): Block => ({
  type: 'actions',
  block_id,
  elements,
});

/** A button that sends `value` back. Throws `RangeError` on a value that Slack would refuse: it is made of ids, never of names. */
export function button(
  action_id: string,
  label: string,
  value: string,
  style?: 'primary' | 'danger',
): Button {
  if (value.length > LIMITS.value) throw new RangeError(`a button's value has ${value.length} characters`);
  const looks = style === undefined ? {} : { style };
  return { type: 'button', action_id, text: plain(label, LIMITS.button), value, ...looks };
}

/** A button that opens an address, and sends `value` back as well. */
export const linkButton = (action_id: string, label: string, url: string, value: string): Button => ({
  ...button(action_id, label, value),
  url,
});
