import { spawn } from 'node:child_process';
import { EXIT } from '../exit.ts';
import { Failure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** How a command ended: its exit code, `null` where a signal ended it. */
export type Ended = { readonly code: number | null; readonly timedOut: boolean };

/** Milliseconds between the request to end and the end by force. */
const GRACE = 2_000;

/**
 * Runs a command in a process group of its own, its output on stderr, and kills the whole group when `timeout` (milliseconds) is over
 * or the invocation is interrupted: what a command starts in the background must not outlive it.
 */
export function runInGroup(
  { cwd, env, err, interrupted }: Pick<Terminal, 'cwd' | 'env' | 'err' | 'interrupted'>,
  [program = '', ...given]: readonly string[],
  timeout: number,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, given, {
      cwd,
      env: { ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let timedOut = false;
    let force: NodeJS.Timeout | undefined;
    const kill = (signal: NodeJS.Signals): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, signal);
      } catch {
        // The group is gone already.
      }
    };
    const stop = (): void => {
      kill('SIGTERM');
      force = setTimeout(() => kill('SIGKILL'), GRACE);
    };
    const timer = setTimeout(() => {
      timedOut = true;
      stop();
    }, timeout);
    interrupted.addEventListener('abort', stop, { once: true });
    child.stdout.on('data', (part: Buffer) => err(part.toString('utf8')));
    child.stderr.on('data', (part: Buffer) => err(part.toString('utf8')));
    const over = (): void => {
      clearTimeout(timer);
      clearTimeout(force);
      interrupted.removeEventListener('abort', stop);
      // What it left in its group ends with it.
      kill('SIGKILL');
    };
    child.on('error', (error) => {
      over();
      reject(new Failure('command_failed', EXIT.usage, `cannot run ${program}: ${error.message}`));
    });
    child.on('exit', (code) => {
      over();
      if (interrupted.aborted) reject(new Failure('interrupted', EXIT.interrupted, `${program} was stopped`));
      else resolve({ code, timedOut });
    });
  });
}
