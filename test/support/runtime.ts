import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../local/ports.ts';
import { assembliesBase, type Form, synthesize } from '../../local/synth.ts';
import { until } from './api.ts';
import { type Environment, launch, type OtherCode, ready } from './runtime-process.ts';

export type { Environment } from './runtime-process.ts';

const demoPeople = new URL('../../local/demo-people.json', import.meta.url);
const demoTenant = '550e8400-e29b-41d4-a716-446655440000';

/** Somebody beside the demo people. */
export interface MorePerson {
  readonly email: string;
  readonly subject: string;
  readonly roles?: readonly string[];
  readonly groups?: readonly string[];
  /** The demo tenant unless said otherwise. */
  readonly tenant?: string;
}

/** How a test wants its runtime. */
export interface RuntimeOptions {
  readonly people?: readonly MorePerson[];
  /** The data directory and port of a runtime that was killed; otherwise an empty one and a free one. */
  readonly dataDir?: string;
  readonly port?: number;
  /** An assembly in place of the real template. */
  readonly assemblyDir?: string;
  /** Code in place of that of today; it makes its own assembly. */
  readonly code?: OtherCode;
}

/** The real runtime in a process of its own, ready. */
export interface Runtime {
  /** Without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** Everything it printed so far. */
  output(): string;
  /** An access token for one of the people. */
  token(email: string): Promise<string>;
  /** Moves the clock of the functions ahead; needs `SLUICE_LOCAL_CLOCK=adjustable`. */
  advanceClock(milliseconds: number): Promise<void>;
  /** Invokes the function of a schedule now and waits for it; by the name it logs under. */
  runSchedule(functionName: string): Promise<void>;
  /** Sends a signal; nothing where the process is gone. */
  signal(name: NodeJS.Signals): void;
  /** Ends it in good order and removes its data. Resolves to the exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a power cut would; the data stays for a successor. */
  kill9(): Promise<void>;
  /** Settles when the process is gone, however. */
  readonly gone: Promise<number | null>;
}

/** Data directories that this module made, and removes. */
const made = new Set<string>();
process.once('exit', () => {
  for (const dataDir of made) rmSync(dataDir, { recursive: true, force: true });
});

/** Starts the runtime and waits until it is ready. Throws with its output when it does not become so. */
export async function startRuntime(
  environment: Environment = {},
  options: RuntimeOptions = {},
): Promise<Runtime> {
  const dataDir = options.dataDir ?? (await newDataDir());
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const { assemblyDir = options.code === undefined ? await realAssembly() : undefined } = options;
  const variables = {
    PORT: String(port),
    SLUICE_DATA_DIR: dataDir,
    ...(assemblyDir === undefined ? {} : { SLUICE_ASSEMBLY_DIR: assemblyDir }),
    ...(options.people === undefined
      ? {}
      : { SLUICE_LOCAL_PEOPLE: await peopleFile(dataDir, options.people) }),
    ...environment,
  };
  const launched = launch(variables, undefined, undefined, options.code);
  await ready(launched);
  return {
    url,
    port,
    dataDir,
    output: launched.output,
    gone: launched.gone,
    token: (email) => tokenFrom(url, email),
    async advanceClock(milliseconds) {
      await post(url, '/_local/clock', { advance_ms: milliseconds });
    },
    async runSchedule(functionName) {
      const result = await post(url, '/_local/invoke', { function: functionName });
      if (result.ok !== true) throw new Error(`${functionName} failed: ${JSON.stringify(result)}`);
    },
    signal: (name) => void launched.child.kill(name),
    async stop() {
      launched.child.kill('SIGTERM');
      const code = await launched.gone;
      if (made.delete(dataDir)) await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
      return code;
    },
    async kill9() {
      launched.child.kill('SIGKILL');
      await launched.gone;
    },
  };
}

/** The assembly of the real template as `npm start` has it, synthesized once per state of the sources, for all processes. */
export const realAssembly = (): Promise<string> => assembly('local');

/** The one that is deployed: each function with a bundle of its own, checked by cdk-nag and CloudFormation's validator. */
export const deployedAssembly = (): Promise<string> => assembly('deployed');

const assembly = (form: Form) => synthesize(assembliesBase(tmpdir()), () => {}, form);

/** An empty data directory, removed when a runtime on it stops. */
export async function newDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-runtime-'));
  made.add(dataDir);
  return dataDir;
}

async function peopleFile(dataDir: string, more: readonly MorePerson[]): Promise<string> {
  const people: unknown[] = JSON.parse(await readFile(demoPeople, 'utf8'));
  for (const { subject, tenant, ...rest } of more) {
    people.push({ ...rest, user_id: subject, tenant_id: tenant ?? demoTenant });
  }
  const file = join(dataDir, 'people.json');
  await writeFile(file, JSON.stringify(people));
  return file;
}

/** Signing in waits 5 s for a function, as Cognito does: on a machine too busy for that it is tried again. */
async function tokenFrom(url: string, email: string): Promise<string> {
  const { access_token } = await until(
    () => post(url, '/_local/token', { email }).catch(unlessBusy),
    (answer) => answer !== undefined,
    1_000,
  );
  return String(access_token);
}

function unlessBusy(problem: unknown): undefined {
  if (!(problem instanceof Error && problem.message.includes(': 500 '))) throw problem;
}

async function post(url: string, path: string, body: unknown): Promise<ReturnType<typeof JSON.parse>> {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`POST ${path} ${JSON.stringify(body)}: ${answer.status} ${text}`);
  return JSON.parse(text);
}
