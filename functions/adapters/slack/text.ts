import { oneLine } from '../../domain/one-line.ts';

/**
 * Texts as Slack takes them. Everything that people or machines chose is escaped, so that no name can mention a channel, make a
 * link, or pretend to be another line (docs.slack.dev, formatting message text).
 */

/** The most characters of each text of Block Kit, and the most of each list (docs.slack.dev, reference of Block Kit and views). */
export const LIMITS = {
  blocks: 50,
  section: 3_000,
  fields: 10,
  field: 2_000,
  context: 2_000,
  button: 75,
  value: 2_000,
  url: 3_000,
  modal_title: 24,
  label: 2_000,
  metadata: 3_000,
  /** Of the plain text beside blocks: more is cut at 40,000, but fewer are asked for. */
  message: 4_000,
} as const;

/** Characters of a name that are shown: enough to tell names apart. */
const NAME = 120;
const ELLIPSIS = '…';

/** At most `most` UTF-16 units, as many as Slack counts or more; never ends within a character. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most - ELLIPSIS.length);
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}${ELLIPSIS}`;
}

/** Markup of at most `most` characters: as `cut`, and never within an escaped character. */
export function cutMarkup(markup: string, most: number): string {
  if (markup.length <= most) return markup;
  const kept = cut(markup, most).slice(0, -ELLIPSIS.length);
  return `${kept.replace(/&[a-z]{0,3}$/, '')}${ELLIPSIS}`;
}

/** A text as markup that shows it as it is, at most `most` characters long. */
export function escaped(text: string, most: number): string {
  return cutMarkup(entities(text), most);
}

/** A name on one line of markup. */
export function named(text: string): string {
  return entities(cut(oneLine(text), NAME));
}

function entities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
