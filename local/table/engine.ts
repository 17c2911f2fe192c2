import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { freePort } from '../ports.ts';

/** A DynamoDB endpoint and how to end it. */
export interface TableEngine {
  readonly endpoint: string;
  /** Settles when the engine ended by itself, with what it last printed. Never settles for an engine not started here. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Runs the engine and ends it when standard input closes. The pipe is the life line: the kernel closes it however the
 * runtime ends, kill -9 included, so that no engine is left that would write the same file as its successor.
 */
const lifeLine = 'exec 3<&0; "$@" 3<&- & engine=$!; (read _ <&3; kill -9 $engine) 2>/dev/null & wait $engine';

/** The same in JavaScript, for images and platforms without a shell; it takes 40 MB more. */
const lifeLineOfNode = `
  const [program, ...words] = process.argv.slice(1);
  const engine = require('node:child_process').spawn(program, words, { stdio: ['ignore', 'inherit', 'inherit'] });
  engine.on('error', (error) => { console.error(String(error)); process.exit(1); });
  engine.on('exit', (code) => process.exit(code ?? 1));
  process.stdin.on('end', () => engine.kill('SIGKILL')).resume();`;

/** Starts the embedded engine on the file `table.sqlite` in the data directory, on loopback. `shell`: whether there is one here. */
export async function startEngine(
  dataDir: string,
  { shell = existsSync('/bin/sh') }: { readonly shell?: boolean } = {},
): Promise<TableEngine> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const program = shell ? '/bin/sh' : process.execPath;
  const held = shell ? ['-c', lifeLine, 'sh'] : ['-e', lifeLineOfNode];
  const file = join(dataDir, 'table.sqlite');
  const serve = ['serve', '--host', '127.0.0.1', '--port', String(port), '--db-path', file];
  // A group of its own: Ctrl-C in a terminal must not end the engine before the requests under way.
  const engine = spawn(program, [...held, enginePath(), ...serve], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const exited = whenExited(engine);
  let stopping = false;
  const ended = new Promise<string>((resolve) => {
    void exited.then((output) => stopping || resolve(output));
  });
  await Promise.race([listening(endpoint), ended.then(refuse)]);
  return {
    endpoint,
    ended,
    async stop() {
      stopping = true;
      engine.stdin.end();
      await exited;
    },
  };
}

/** An endpoint that somebody else runs (DynamoDB Local, for platforms without the embedded engine). */
export function foreignEngine(endpoint: string): TableEngine {
  return { endpoint, ended: new Promise(() => {}), stop: async () => {} };
}

function refuse(output: string): never {
  throw new Error(`The table engine ended: ${output}`);
}

/** The program of this platform's package (`@dynoxide/linux-x64` and its like), which npm installs where the registry has it. */
function enginePath(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    return createRequire(import.meta.url).resolve(`@dynoxide/${platform}/dynoxide`);
  } catch (cause) {
    throw new Error(
      `The embedded table engine is not installed for ${platform}. Run DynamoDB Local and set SLUICE_DYNAMODB_ENDPOINT to its URL.`,
      { cause },
    );
  }
}

/** What the engine printed last, once its process is gone. */
function whenExited(engine: ChildProcess): Promise<string> {
  let output = '';
  const keep = (chunk: unknown) => {
    output = `${output}${String(chunk)}`.slice(-2000);
  };
  engine.stdout?.on('data', keep);
  engine.stderr?.on('data', keep);
  engine.stdin?.on('error', () => {});
  return new Promise((resolve) => {
    engine.on('error', (error) => resolve(String(error)));
    engine.on('exit', () => {
      engine.stdin?.end();
      resolve(output.trim());
    });
  });
}

/** Waits until the engine answers; the caller races this against its end. */
async function listening(endpoint: string): Promise<void> {
  // A busy machine may take long to start a process; one that ends is noticed at once.
  for (let attempt = 0; attempt < 12_000; attempt += 1) {
    try {
      await fetch(endpoint);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  throw new Error(`The table engine did not answer at ${endpoint} within two minutes.`);
}
