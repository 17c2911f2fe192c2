import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startEngine } from '../../local/table/engine.ts';
import { memoryFolder } from '../support/memory-folder.ts';
import { eventually } from './fixture.ts';

const module = fileURLToPath(new URL('../../local/table/engine.ts', import.meta.url));

/** How many processes name the folder's table. */
async function engines(folder: string): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''));
  return (await Promise.all(lines)).filter((line) => line.includes(`${folder}/table.sqlite`)).length;
}

it.each([true, false])('ends when it is stopped, with a shell or without one: %j', async (shell) => {
  const folder = await memoryFolder('sluice-engine-');
  const engine = await startEngine(folder, { shell });
  expect(await engines(folder)).toBeGreaterThan(0);
  await engine.stop();
  expect(await engines(folder)).toBe(0);
});

it.each([true, false])(
  'ends with its runtime, kill -9 included, with a shell or without one: %j',
  async (shell) => {
    const folder = await memoryFolder('sluice-engine-');
    const script = `import { startEngine } from ${JSON.stringify(module)};
    await startEngine(${JSON.stringify(folder)}, { shell: ${shell} });
    console.log('up');`;
    const runtime = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => runtime.stdout.once('data', resolve));
    expect(await engines(folder)).toBeGreaterThan(0);
    runtime.kill('SIGKILL');
    await eventually(async () => (await engines(folder)) === 0);
  },
);
