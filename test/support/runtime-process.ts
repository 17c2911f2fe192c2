import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export type Environment = Readonly<Record<string, string>>;

/** A runtime process that may or may not become ready. */
export interface Launched {
  readonly child: ChildProcess;
  /** The exit code, or null after a signal. */
  readonly gone: Promise<number | null>;
  output(): string;
}

/** A test that fails before it stops its runtime must not leave it behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The code that runs where it is not that of today, and a module that is loaded before it. */
export type OtherCode = { readonly folder: string; readonly preload?: string };

/**
 * Starts `npm start`'s own command with exactly these variables (and PATH), without waiting for anything. The demo is lean unless they say
 * otherwise: what the demo people do meanwhile would be in the way of tests.
 */
export function launch(
  environment: Environment,
  script = 'local/start.ts',
  args: readonly string[] = [],
  code?: OtherCode,
): Launched {
  const { folder, preload }: OtherCode = code ?? { folder: root };
  const demo: Environment = code === undefined ? { SLUICE_DEMO: 'lean' } : {};
  const first = preload === undefined ? [] : ['--import', preload];
  const child = spawn(process.execPath, [...first, '--import', './local/require-node.mjs', script, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...demo, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.on('exit', () => running.delete(child));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  }
  const gone = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, gone, output: () => output };
}

/** Waits until the runtime says that it is ready; throws with its output when it ends before, or takes ten minutes. */
export async function ready(runtime: Launched): Promise<void> {
  let ended = false;
  void runtime.gone.then(() => {
    ended = true;
  });
  const begun = performance.now();
  while (performance.now() - begun < 600_000) {
    if (runtime.output().includes('Sluice is ready at')) return;
    if (ended) throw new Error(`The runtime ended before it was ready:\n${runtime.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  runtime.child.kill('SIGKILL');
  throw new Error(`The runtime was not ready within ten minutes:\n${runtime.output()}`);
}
