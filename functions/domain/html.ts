/** Markup that is safe as it stands: made by `html` alone, so that no text gets in unescaped. */
export class Html {
  readonly #markup: string;

  private constructor(markup: string) {
    this.#markup = markup;
  }

  /** What a template came to: its own words as they are, everything put into it escaped. */
  static of(words: readonly string[], parts: readonly Part[]): Html {
    return new Html(words.map((word, at) => word + (at < parts.length ? written(parts[at]) : '')).join(''));
  }

  toString(): string {
    return this.#markup;
  }
}

/** What may be put into a template: text (escaped), markup, nothing, or several of them. */
export type Part = string | number | Html | undefined | readonly Part[];

/**
 * Markup from a template literal: html`<p title="${text}">${text}</p>`. Texts are escaped for elements and for quoted attributes; a
 * template never puts one anywhere else (an unquoted attribute, a script, a style, the scheme of a URL).
 */
export function html(words: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return Html.of(words, parts);
}

function written(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.toString();
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return part.map(written).join('');
}

/** Also what a browser would not show: a text of invisible or reordering characters could pass for another. */
function escaped(text: string): string {
  return text
    .replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, (character) =>
      character === '\n' || character === '\t' ? character : '\ufffd',
    );
}
