import type { Terminal } from '../terminal.ts';
import { toned } from './style.ts';
import { printable } from './table.ts';

/** What an invocation is at, on stderr: one line that is rewritten on a terminal, else a line whenever the words change. */
export type Progress = {
  /** `detail` (a count, a time) is shown on a terminal alone: it changes too often for a log. */
  say(words: string, detail?: string): void;
  /** How much of something is done. */
  bar(words: string, done: number, total: number): void;
  /** Takes the line away. */
  end(): void;
};

const WIDTH = 20;
const ERASE = '\r\u001b[2K';

export function openProgress(terminal: Terminal, quiet: boolean): Progress {
  const { interactive, colors } = terminal;
  let last = '';
  let shown = false;
  const say = (words: string, detail = ''): void => {
    if (quiet) return;
    const line = printable(words);
    if (interactive) {
      terminal.err(`${ERASE}${toned(line, 'waiting', colors.err)}${detail === '' ? '' : ` ${detail}`}`);
      shown = true;
    } else if (line !== last) terminal.err(`${line}\n`);
    last = line;
  };
  return {
    say,
    bar(words, done, total) {
      const full = total === 0 ? WIDTH : Math.round((WIDTH * done) / total);
      say(words, `[${'#'.repeat(full)}${'-'.repeat(WIDTH - full)}] ${done}/${total}`);
    },
    end() {
      if (shown) terminal.err(ERASE);
      shown = false;
    },
  };
}
