import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../../support/api.ts';
import { temporaryFolder } from '../cli-world.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');

/** A terminal that a test types into and looks at. */
export type Screen = {
  /** Keys as tmux names them (`Tab`, `Enter`, `C-c`), or text. */
  type(...keys: string[]): Promise<void>;
  /** What stands on it, with colors as escape sequences where asked. */
  read(colors?: boolean): Promise<string>;
  /** Reads until it says so. */
  until(said: RegExp, colors?: boolean): Promise<string>;
  /** Types and presses Tab until it says so: what completes may have given up on a busy machine. */
  completed(typed: string, said: RegExp): Promise<string>;
  close(): Promise<void>;
};

/** Looks, one every tenth of a second, after which Tab is pressed again. */
const LOOKS = 200;

/** A folder on PATH whose `sluice` is the one of this checkout. */
async function binFolder(home: string): Promise<string> {
  const folder = join(home, 'bin');
  await mkdir(folder);
  const script = `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'cli/bin.mjs')}" "$@"\n`;
  await writeFile(join(folder, 'sluice'), script, { mode: 0o755 });
  return folder;
}

let screens = 0;

/** Starts a program in a terminal of its own, with a server of its own: nobody's settings reach it. */
export async function openScreen(command: string, env: Readonly<Record<string, string>>): Promise<Screen> {
  const home = await temporaryFolder();
  const path = `${await binFolder(home)}:${process.env['PATH'] ?? ''}`;
  screens += 1;
  const socket = join(home, `tmux-${screens}`);
  const tmux = (...given: string[]) => run('tmux', ['-S', socket, '-f', '/dev/null', ...given]);
  const all = { ...env, PATH: path, HOME: home, XDG_CONFIG_HOME: home, PS1: '$ ' };
  // Set behind the shell that tmux starts commands with, whose own settings would put another PATH in front.
  const settings = Object.entries(all).map(([name, value]) => `${name}='${value}'`);
  await tmux(
    'new-session',
    '-d',
    '-x',
    '160',
    '-y',
    '50',
    `exec env -u NO_COLOR -u FORCE_COLOR ${settings.join(' ')} ${command}`,
  );
  const screen: Screen = {
    type: async (...keys) => {
      await tmux('send-keys', '-t', '0', ...keys);
    },
    async read(colors = false) {
      const { stdout } = await tmux('capture-pane', '-t', '0', '-p', '-J', ...(colors ? ['-e'] : []));
      return stdout;
    },
    until: (said, colors) =>
      until(
        () => screen.read(colors),
        (now) => said.test(now),
        100,
      ),
    async completed(typed, said) {
      await screen.type(typed);
      let looks = 0;
      return until(
        async () => {
          if (looks % LOOKS === 0) await screen.type('Tab');
          looks += 1;
          return screen.read();
        },
        (now) => said.test(now),
        100,
      );
    },
    close: async () => {
      await tmux('kill-server').catch(() => undefined);
    },
  };
  return screen;
}
