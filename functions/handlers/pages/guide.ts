import { gunzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { type Html, html } from '../../domain/html.ts';
import type { SiteFiles } from '../../ports/site-files.ts';

/** Guides as the build read them: texts and what they are, no markup. */

type Inline =
  | z.infer<typeof Plain>
  | { readonly mark: 'strong' | 'em'; readonly of: readonly Inline[] }
  | Linked;
type Linked = { readonly to: string; readonly of: readonly Inline[] };
const Plain = z.union([z.string(), z.strictObject({ code: z.string() })]);
const Inlines: z.ZodMiniType<readonly Inline[]> = z.array(
  z.union([
    Plain,
    z.strictObject({ mark: z.enum(['strong', 'em']), of: z.lazy(() => Inlines) }),
    z.strictObject({
      // Nothing that a browser would run.
      to: z.string().check(z.regex(/^(#|https:\/\/|\/docs\/guides\/[\w-]+(#|$))/)),
      of: z.lazy(() => Inlines),
    }),
  ]),
);

type Block =
  | { readonly block: 'heading'; readonly level: number; readonly id: string; readonly of: readonly Inline[] }
  | { readonly block: 'paragraph'; readonly of: readonly Inline[] }
  | { readonly block: 'code'; readonly text: string }
  | { readonly block: 'quote'; readonly of: readonly Block[] }
  | { readonly block: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Block[])[] }
  | z.infer<typeof Table>;
const Table = z.strictObject({
  block: z.literal('table'),
  head: z.array(Inlines),
  rows: z.array(z.array(Inlines)),
});
const Blocks: z.ZodMiniType<readonly Block[]> = z.array(
  z.discriminatedUnion('block', [
    z.strictObject({ block: z.literal('heading'), level: z.int(), id: z.string(), of: Inlines }),
    z.strictObject({ block: z.literal('paragraph'), of: Inlines }),
    z.strictObject({ block: z.literal('code'), text: z.string() }),
    z.strictObject({ block: z.literal('quote'), of: z.lazy(() => Blocks) }),
    z.strictObject({
      block: z.literal('list'),
      ordered: z.boolean(),
      items: z.array(z.lazy(() => Blocks)),
    }),
    Table,
  ]),
);

const Guides = z.array(
  z.strictObject({ name: z.string(), title: z.string(), says: z.string(), blocks: Blocks }),
);
export type Guide = z.infer<typeof Guides>[number];

/** Reads all guides. Throws where they do not lie beside the function. */
export async function readGuides(files: SiteFiles): Promise<readonly Guide[]> {
  const packed = await files.read('guides.json', 'gzip');
  if (packed === undefined) throw new Error('the guides do not lie beside the function');
  return z.parse(Guides, JSON.parse(gunzipSync(packed).toString()));
}

/** Everything below the title of a guide. */
export const guideBody = ({ blocks }: Guide): Html => html`${blocks.map(blockOf)}`;

function blockOf(block: Block): Html {
  switch (block.block) {
    case 'heading':
      return headingOf(block);
    case 'paragraph':
      return html`<p>${inlines(block.of)}</p>\n`;
    case 'code':
      return html`<pre tabindex="0"><code>${block.text}</code></pre>\n`;
    case 'quote':
      return html`<blockquote>${block.of.map(blockOf)}</blockquote>\n`;
    case 'list': {
      const items = block.items.map((item) => html`<li>${itemOf(item)}</li>\n`);
      return block.ordered ? html`<ol>${items}</ol>\n` : html`<ul>${items}</ul>\n`;
    }
    case 'table':
      return tableOf(block);
    default:
      return block satisfies never;
  }
}

function headingOf({ level, id, of }: Extract<Block, { block: 'heading' }>): Html {
  if (level <= 2) return html`<h2 id="${id}">${inlines(of)}</h2>\n`;
  return level === 3
    ? html`<h3 id="${id}">${inlines(of)}</h3>\n`
    : html`<h4 id="${id}">${inlines(of)}</h4>\n`;
}

/** An item that is one paragraph is shown without one. */
const itemOf = (item: readonly Block[]): Html =>
  html`${item.map((one) => (one.block === 'paragraph' && item.length === 1 ? inlines(one.of) : blockOf(one)))}`;

function tableOf({ head, rows }: z.infer<typeof Table>): Html {
  const heads = head.map((cell) => html`<th scope="col">${inlines(cell)}</th>`);
  const body = rows.map((row) => html`<tr>${row.map((cell) => html`<td>${inlines(cell)}</td>`)}</tr>\n`);
  return html`<div class="wide-box" tabindex="0"><table><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div>\n`;
}

const inlines = (of: readonly Inline[]): Html => html`${of.map(inlineOf)}`;

function inlineOf(one: Inline): Html | string {
  if (typeof one === 'string') return one;
  if ('code' in one) return html`<code>${one.code}</code>`;
  if ('to' in one) return html`<a href="${one.to}">${inlines(one.of)}</a>`;
  return one.mark === 'strong'
    ? html`<strong>${inlines(one.of)}</strong>`
    : html`<em>${inlines(one.of)}</em>`;
}
