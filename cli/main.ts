import { run } from './run.ts';
import { processTerminal } from './terminal.ts';

/** Everything that is not `--version`: does what was typed, and leaves the exit code. */
export async function main(version: string): Promise<void> {
  process.exitCode = await run(processTerminal(), process.argv.slice(2), version);
}
