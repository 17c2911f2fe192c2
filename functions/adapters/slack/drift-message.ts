import { type DriftNotice, driftFacts, driftTitle } from '../../domain/notification/drift-notice.ts';
import { oneLine } from '../../domain/one-line.ts';
import { fields, type Message, section } from './blocks.ts';
import { cutMarkup, escaped, LIMITS } from './text.ts';

/** The message that tells of a change that went past Sluice. */
export function driftMessage(notice: DriftNotice): Message {
  const title = `:warning: ${escaped(driftTitle(notice), LIMITS.section)}`;
  return {
    text: cutMarkup(title, LIMITS.message),
    blocks: [
      section(title),
      fields(driftFacts(notice).map(([name, value]) => [name, escaped(oneLine(value), LIMITS.field)])),
    ],
  };
}
