import { once } from 'node:events';
import { homedir } from 'node:os';
import { EXIT } from './exit.ts';
import { type Answer, type Asked, send } from './http/request.ts';

/** Everything outside that an invocation touches, so that a test can give its own. */
export type Terminal = {
  readonly env: { readonly [name: string]: string | undefined };
  readonly cwd: string;
  readonly home: string;
  /** Whether a person is at it: questions may be asked, and lines on stderr rewritten. */
  readonly interactive: boolean;
  /** Whether what is written to either may have colors. */
  readonly colors: { readonly out: boolean; readonly err: boolean };
  /** Whether results are read on a screen: what they hold must not move its cursor. */
  readonly screen: boolean;
  /** Results, and nothing else. */
  out(text: string): void;
  /** Progress, hints and errors. */
  err(text: string): void;
  /** All of standard input. */
  read(): Promise<string>;
  ask(question: string): Promise<string>;
  /** Asks a server of Sluice. */
  send(url: URL, asked: Asked): Promise<Answer>;
  /** Asks others: registries and identity providers. */
  readonly fetch: typeof fetch;
  now(): number;
  /** Ends early, without an error, when interrupted. */
  sleep(ms: number): Promise<void>;
  /** Ctrl-C. */
  readonly interrupted: AbortSignal;
};

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { env, stdout, stderr } = process;
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const inColors = (stream: NodeJS.WriteStream) => colorful(env, stream.isTTY === true);
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has enough (head) is no failure.
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    stderr.write(`error: what was to be printed cannot be written: ${error.message}\n`);
    process.exit(EXIT.usage);
  });
  return {
    env,
    cwd: process.cwd(),
    home: homedir(),
    // Looked at when it is asked: opening standard input loads all of Node's streams.
    get interactive() {
      return stderr.isTTY === true && process.stdin.isTTY === true;
    },
    screen: stdout.isTTY === true,
    colors: { out: inColors(stdout), err: inColors(stderr) },
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    async read() {
      const parts: Buffer[] = [];
      for await (const part of process.stdin) parts.push(Buffer.from(part));
      return Buffer.concat(parts).toString('utf8');
    },
    async ask(question) {
      const { createInterface } = await import('node:readline/promises');
      const lines = createInterface({ input: process.stdin, output: stderr });
      try {
        return (await lines.question(question, { signal: stop.signal })).trim();
      } finally {
        lines.close();
      }
    },
    send,
    // Looked up when it is called: Node loads its client then.
    fetch: (input, init) => fetch(input, init),
    now: Date.now,
    sleep: (ms) => pause(ms, stop.signal),
    interrupted: stop.signal,
  };
}

/** NO_COLOR (no-color.org) wins over FORCE_COLOR, which wins over what the stream is. */
function colorful(env: Terminal['env'], isTerminal: boolean): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), ms);
  try {
    await once(AbortSignal.any([signal, over.signal]), 'abort');
  } finally {
    clearTimeout(timer);
  }
}
