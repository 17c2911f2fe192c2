import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { runInGroup } from '../../cli/gates/run-in-group.ts';
import { until } from '../support/api.ts';
import { removeFolders, temporaryFolder } from './cli-world.ts';

afterAll(removeFolders);

let cwd: string;
beforeEach(async () => {
  cwd = await temporaryFolder();
});

/** What the command started in the background, by its pid. */
async function started(): Promise<number> {
  const read = () => readFile(join(cwd, 'pid'), 'utf8').catch(() => '');
  return Number(await until(read, (text) => text.endsWith('\n')));
}

const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

const BACKGROUND = 'sleep 600 >/dev/null 2>&1 & echo $! > pid';

describe('a command of a gate', () => {
  const run = (script: string, timeout: number, interrupted = new AbortController().signal) =>
    runInGroup({ cwd, env: process.env, err: () => {}, interrupted }, ['sh', '-c', script], timeout);

  it('takes what it left in the background with it', async () => {
    expect(await run(BACKGROUND, 600_000)).toEqual({ code: 0, timedOut: false });
    await until(
      async () => isGone(await started()),
      (gone) => gone,
    );
  });

  it('ends with all that it started when it is interrupted', async () => {
    const stop = new AbortController();
    const ended = run(`${BACKGROUND}; wait`, 600_000, stop.signal);
    const pid = await started();
    expect(isGone(pid)).toBe(false);
    stop.abort();
    await expect(ended).rejects.toMatchObject({ code: 'interrupted', exit: 130 });
    await until(
      async () => isGone(pid),
      (gone) => gone,
    );
  });

  it('ends when its time is over, by force where it does not listen', async () => {
    expect(await run("trap '' TERM; sleep 600", 10)).toEqual({ code: null, timedOut: true });
  });
});
