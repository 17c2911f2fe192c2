import { run } from './run.ts';
import { processTerminal } from './terminal.ts';

/**
 * Does what was typed, and ends the process with its exit code once all that was printed has left it.
 * Taking down what V8 built first would take some milliseconds of every run.
 */
export async function main(version: string): Promise<never> {
  const code = await run(processTerminal(), process.argv.slice(2), version);
  await Promise.all([process.stdout, process.stderr].map(written));
  process.exit(code);
}

const written = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((done) => stream.write('', () => done()));
