import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { marked, type Token, type Tokens } from 'marked';
import { type Packing, writePacked } from './packing.ts';

const ROOT = fileURLToPath(new URL('../docs', import.meta.url));

/** The guides below `docs/`, in the order in which a newcomer reads them, each with the sentence that the index shows. */
export const GUIDES = {
  'quick-start':
    'Promote configuration, an agent and an artifact, approve, roll back, and verify the record, on one machine.',
  install:
    'Get Sluice without a clone: command line, pipeline, container, account; verify what you downloaded.',
  cli: 'Log in, choose a server, wait for promotions, read exit codes, publish files.',
  approvals: 'Decide who approves what, by policies, links and mail.',
  governance: 'See what a change of each setting demands: a reason, a second admin, another decider.',
  gates: 'Ask for evidence before a promotion, and send it.',
  legitimacy: 'Judge each completion by the record alone: when it is legitimate, row by row.',
  rules: 'Promote agents by themselves when conditions hold.',
  flags: 'Evaluate feature flags from programs and browsers by OFREP.',
  webhooks: 'Receive signed events of promotions.',
  ci: 'Request promotions from GitHub, GitLab or any pipeline.',
  operations: 'Deploy, upgrade, watch, restore and pay for an installation.',
  glossary: 'Look up the words of the project.',
} as const;

/** What a guide consists of: no markup, so that whatever shows it cannot but escape it. */
type Inline = string | { readonly code: string } | Marked | Linked;
type Marked = { readonly mark: 'strong' | 'em'; readonly of: readonly Inline[] };
type Linked = { readonly to: string; readonly of: readonly Inline[] };
type Block =
  | { readonly block: 'heading'; readonly level: number; readonly id: string; readonly of: readonly Inline[] }
  | { readonly block: 'paragraph'; readonly of: readonly Inline[] }
  | { readonly block: 'code'; readonly text: string }
  | { readonly block: 'quote'; readonly of: readonly Block[] }
  | { readonly block: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Block[])[] }
  | {
      readonly block: 'table';
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    };

/** Reads all guides into one file, `guides.json`, packed by brotli and by gzip, for the function that shows them. */
export async function buildGuides(outdir: string, packing: Packing = 'smallest'): Promise<void> {
  const guides = await Promise.all(
    Object.entries(GUIDES).map(async ([name, says]) =>
      guideOf(name, says, await readFile(join(ROOT, `${name}.md`), 'utf8')),
    ),
  );
  const contents = Buffer.from(JSON.stringify(guides));
  await mkdir(outdir, { recursive: true });
  await writePacked(outdir, 'guides.json', contents, packing);
}

/** Returns a guide: its title, the sentence of the index, and everything below its title. */
export function guideOf(name: string, says: string, markdown: string) {
  const [first, ...rest] = marked.lexer(markdown).filter(({ type }) => type !== 'space');
  if (first?.type !== 'heading' || first.depth !== 1) throw new Error(`docs/${name}.md begins with no title`);
  const blocks = rest.flatMap((token) => blockOf(name, token));
  return { name, title: plain(inlinesOf(name, first.tokens)), says, blocks };
}

function blockOf(name: string, token: Token): readonly Block[] {
  if (is.heading(token)) {
    const of = inlinesOf(name, token.tokens);
    return [{ block: 'heading', level: token.depth, id: slug(plain(of)), of }];
  }
  if (is.list(token)) {
    const items = token.items.map(({ tokens }) => tokens.flatMap((one) => blockOf(name, one)));
    return [{ block: 'list', ordered: token.ordered, items }];
  }
  if (is.table(token)) {
    const cells = (row: readonly Tokens.TableCell[]) => row.map(({ tokens }) => inlinesOf(name, tokens));
    return [{ block: 'table', head: cells(token.header), rows: token.rows.map(cells) }];
  }
  if (is.quote(token)) return [{ block: 'quote', of: token.tokens.flatMap((one) => blockOf(name, one)) }];
  if (is.code(token)) return [{ block: 'code', text: token.text }];
  // Markup in a guide is shown as it is written.
  if (token.type === 'html') return [{ block: 'code', text: token.raw.trim() }];
  if (token.type === 'space' || token.type === 'hr') return [];
  // Within a list, text that is no paragraph of its own.
  if (is.paragraph(token)) return [{ block: 'paragraph', of: inlinesOf(name, token.tokens) }];
  throw new Error(`docs/${name}.md has what pages cannot show: ${token.raw}`);
}

function inlinesOf(name: string, tokens: readonly Token[] = []): readonly Inline[] {
  return tokens.flatMap((token): readonly Inline[] => {
    if (is.codespan(token)) return [{ code: token.text }];
    if (is.strong(token)) return [{ mark: 'strong', of: inlinesOf(name, token.tokens) }];
    if (is.em(token)) return [{ mark: 'em', of: inlinesOf(name, token.tokens) }];
    if (is.link(token)) {
      const of = inlinesOf(name, token.tokens);
      const to = target(token.href);
      return to === undefined ? of : [{ to, of }];
    }
    if (token.type === 'br') return [' '];
    if (is.text(token))
      return token.tokens ? inlinesOf(name, token.tokens) : [token.text.replaceAll('\n', ' ')];
    throw new Error(`docs/${name}.md has what pages cannot show: ${token.raw}`);
  });
}

/** Where a link of a guide leads on the pages: to a guide, into the same one, or out. What lies elsewhere in the repository is not shown. */
function target(href: string): string | undefined {
  if (href.startsWith('#') || href.startsWith('https://')) return href;
  const [, name, hash = ''] = /^([\w-]+)\.md(#.*)?$/.exec(href) ?? [];
  return name !== undefined && Object.hasOwn(GUIDES, name) ? `/docs/guides/${name}${hash}` : undefined;
}

const plain = (of: readonly Inline[]): string =>
  of.map((one) => (typeof one === 'string' ? one : 'code' in one ? one.code : plain(one.of))).join('');

/** The id of a heading, as the host of the repository makes it, so that one link works in both places. */
const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

/** Tokens by their type: the union of the library is open, and tells nothing by itself. */
const of =
  <T extends Tokens.Generic | Token>(...types: readonly string[]) =>
  (token: Token): token is T & Token =>
    types.includes(token.type);
const is = {
  heading: of<Tokens.Heading>('heading'),
  list: of<Tokens.List>('list'),
  table: of<Tokens.Table>('table'),
  quote: of<Tokens.Blockquote>('blockquote'),
  code: of<Tokens.Code>('code'),
  paragraph: of<Tokens.Paragraph>('paragraph', 'text'),
  codespan: of<Tokens.Codespan>('codespan'),
  strong: of<Tokens.Strong>('strong'),
  em: of<Tokens.Em>('em'),
  link: of<Tokens.Link>('link'),
  text: of<Tokens.Text>('text', 'escape', 'html'),
};
