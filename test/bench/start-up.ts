import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { bundled } from '../../cli/bundle.mjs';
import { printTable, quantile } from './print.ts';

const GOAL_RATIO = 1.5;
const GOAL_BYTES = 600_000;

/**
 * Milliseconds from the start to the end of `sluice --version` beside those of a Node that does nothing. Each round runs both, in turns,
 * so that whatever else the machine does falls on both alike; the ratio is the median of the ratios within a round.
 */
export async function benchStartUp({ rounds = 25 } = {}): Promise<void> {
  const bundle = await bundled();
  const commands = [
    { name: 'node -e 0', args: ['-e', '0'], samples: [] as number[] },
    { name: 'sluice --version', args: [bundle, '--version'], samples: [] as number[] },
  ];
  for (let round = 0; round < rounds; round += 1) {
    for (const { args, samples } of round % 2 === 0 ? commands : commands.toReversed()) {
      samples.push(await took(args));
    }
  }
  const [bare, sluice] = commands.map(({ samples }) => samples);
  const ratio = quantile(sluice?.map((ms, round) => ms / (bare?.[round] ?? Number.NaN)) ?? [], 0.5);
  const { size } = await stat(bundle);
  printTable(`Start of the command line, median of ${rounds} paired rounds`, [
    ['', 'measured', 'goal'],
    ...commands.map(({ name, samples }) => [`${name}, ms`, quantile(samples, 0.5).toFixed(1), '-']),
    ['ratio', ratio.toFixed(2), `≤ ${GOAL_RATIO}`],
    ['bundle, kB', (size / 1000).toFixed(0), `≤ ${GOAL_BYTES / 1000}`],
  ]);
}

async function took(args: readonly string[]): Promise<number> {
  const begun = performance.now();
  const child = spawn(process.execPath, args, { stdio: 'ignore', env: { PATH: process.env['PATH'] } });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}.`);
  return performance.now() - begun;
}
