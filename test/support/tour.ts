/** A command of a guide, and what it printed. */
export type Step = { readonly command: string; readonly output: readonly string[] };

/** Stands before a command in what a marked script prints: no output of ours has it. */
const MARK = '\u001e';
const MOST_LINES = 12;

/** A script that says each command before it runs. Every line of it must be a command of its own. */
export function marked(script: string): string {
  return script
    .split('\n')
    .map((line) => {
      const shown = line.replace(/ # exits \d+$/, '');
      const quiet = line.trim() === '' || line.startsWith('sluice()');
      return quiet ? line : `printf '${MARK}%s\\n' ${quoted(shown)}\n${line}`;
    })
    .join('\n');
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** What a marked script printed, by command. */
export function stepsIn(printed: string): readonly Step[] {
  return printed
    .split(MARK)
    .slice(1)
    .map((part) => {
      const [command = '', ...output] = part.trimEnd().split('\n');
      return { command, output };
    });
}

const [WIDTH, HEIGHT, LINE, MARGIN] = [980, 560, 18, 16];
/** Characters of a line that fit. */
const COLUMNS = 112;
/** Lines that a reader takes in within a second. */
const PACE = 3;

/** The steps as a picture of a terminal that scrolls through them; still where a reader wants no motion. */
export function svgOf(steps: readonly Step[]): string {
  const lines = steps.flatMap(({ command, output }) => [
    ...wrapped(`$ ${command}`).map((text) => ({ text, kind: 'c' })),
    ...shortened(output).map((text) => ({ text, kind: 'o' })),
    { text: '', kind: 'o' },
  ]);
  const height = lines.length * LINE + 2 * MARGIN;
  const way = Math.max(0, height - HEIGHT);
  const rows = lines.flatMap(({ text, kind }, at) =>
    text === ''
      ? []
      : [`<text class="${kind}" x="${MARGIN}" y="${MARGIN + (at + 1) * LINE}">${escaped(text)}</text>`],
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">
<title>The tour in a terminal: promoted, approved, rolled back and verified</title>
<style>
text { font: 13px ui-monospace, Menlo, Consolas, monospace; white-space: pre; fill: #c9d1d9 }
.c { fill: #7ee0b8 }
@media (prefers-reduced-motion: no-preference) {
  g { animation: scroll ${Math.round(lines.length / PACE)}s linear infinite }
  @keyframes scroll { 0%, 2% { transform: none } 96%, 100% { transform: translateY(-${way}px) } }
}
</style>
<rect width="${WIDTH}" height="${HEIGHT}" rx="8" fill="#0d1117"/>
<g>
${rows.join('\n')}
</g>
</svg>
`;
}

/** The commands that a picture shows. */
export function commandsIn(svg: string): string {
  const rows = [...svg.matchAll(/<text class="c"[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text);
  return rows.map((text) => text.replace(/^ {2}/, '').replace(/^\$ /, '\n')).join('');
}

/** The same commands as they come from a recording. */
export const commandsOf = (steps: readonly Step[]): string => commandsIn(svgOf(steps));

function wrapped(text: string): readonly string[] {
  const rows: string[] = [];
  for (let rest = text; rest !== ''; rest = rest.slice(COLUMNS - 2)) {
    rows.push(`${rows.length === 0 ? '' : '  '}${rest.slice(0, COLUMNS - 2)}`);
  }
  return rows;
}

function shortened(output: readonly string[]): readonly string[] {
  const cut = output.map((line) => (line.length > COLUMNS ? `${line.slice(0, COLUMNS - 1)}…` : line));
  return cut.length <= MOST_LINES ? cut : [...cut.slice(0, MOST_LINES), '…'];
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
