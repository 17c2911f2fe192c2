/** What breaks a line or turns the direction of the text after it, and space beside it. */
const BREAKS = /[\s\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]+/gu;

/** A text on one line, which can neither begin another nor show itself in another order than it has. */
export const oneLine = (text: string): string => text.replaceAll(BREAKS, ' ');
