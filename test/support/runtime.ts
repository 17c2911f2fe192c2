import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../local/ports.ts';
import { synthesize } from '../../local/synth.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Assemblies of the real template, shared by every test process: synthesized once per state of the sources. */
const assemblies = join(root, 'node_modules/.cache/sluice/assembly');

/** How a test wants its runtime. */
export interface RuntimeOptions {
  /** An assembly of its own in place of the real template. */
  readonly assemblyDir?: string;
  /** A data directory of an earlier runtime; otherwise an empty one, removed by `stop`. */
  readonly dataDir?: string;
  /** Otherwise a free one. */
  readonly port?: number;
  /** More variables, such as `SLUICE_LOCAL_CLOCK`. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The real runtime in a process of its own, ready. */
export interface TestRuntime {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly pid: number;
  /** Everything it printed so far. */
  output(): string;
  /** An access token for a demo person. */
  token(email: string): Promise<string>;
  /** Ends it in good order, and removes a data directory that was made for it. Resolves to the exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a power cut would; the data directory stays. */
  kill9(): Promise<void>;
  /** Settles when the process is gone. */
  readonly gone: Promise<number | null>;
}

/** Starts the runtime and waits until it is ready. Throws with its output when it does not become so. */
export async function startRuntimeProcess(options: RuntimeOptions = {}): Promise<TestRuntime> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'sluice-runtime-')));
  const port = options.port ?? (await freePort());
  const runtime = launch({
    ...options,
    dataDir,
    port,
    assemblyDir: options.assemblyDir ?? (await realAssembly()),
  });
  await ready(runtime);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    dataDir,
    pid: runtime.child.pid ?? 0,
    output: runtime.output,
    gone: runtime.gone,
    token: (email) => tokenFrom(url, email),
    async stop() {
      runtime.child.kill('SIGTERM');
      const code = await runtime.gone;
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
      return code;
    },
    async kill9() {
      runtime.child.kill('SIGKILL');
      await runtime.gone;
    },
  };
}

/** The assembly of the real template. */
export function realAssembly(): Promise<string> {
  return synthesize(assemblies);
}

/** A process that may or may not become ready. */
export interface Launched {
  readonly child: ChildProcess;
  readonly gone: Promise<number | null>;
  output(): string;
}

/** Starts the process without waiting for anything. */
export function launch(
  options: RuntimeOptions & { readonly dataDir: string; readonly port: number },
): Launched {
  const child = spawn(process.execPath, ['--import', './local/require-node.mjs', 'local/start.ts'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      PORT: String(options.port),
      SLUICE_DATA_DIR: options.dataDir,
      ...(options.assemblyDir === undefined ? {} : { SLUICE_ASSEMBLY_DIR: options.assemblyDir }),
      ...options.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  }
  const gone = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, gone, output: () => output };
}

async function ready(runtime: Launched): Promise<void> {
  let ended = false;
  void runtime.gone.then(() => {
    ended = true;
  });
  for (let waited = 0; waited < 30_000; waited += 20) {
    if (runtime.output().includes('Sluice is ready at')) return;
    if (ended) throw new Error(`The runtime ended before it was ready:\n${runtime.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  runtime.child.kill('SIGKILL');
  throw new Error(`The runtime was not ready within 30 s:\n${runtime.output()}`);
}

async function tokenFrom(url: string, email: string): Promise<string> {
  const answer = await fetch(`${url}/_local/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
  });
  const body: unknown = await answer.json();
  if (typeof body === 'object' && body !== null && 'access_token' in body) return String(body.access_token);
  throw new Error(`No token for ${email}: ${answer.status} ${JSON.stringify(body)}`);
}
