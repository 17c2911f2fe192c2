import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programPath, skipLoudly, skipWithout } from '../support/programs.ts';
import { newDataDir, realAssembly } from '../support/runtime.ts';

const run = promisify(execFile);
const ip = (...words: string[]) => run(programPath('ip') ?? 'ip', words);
/** Two networks that this test makes, each with one machine, and the wire between them. */
const HERE = { name: `sluice-a${process.pid % 10_000}`, address: '192.0.2.1' };
const THERE = { name: `sluice-b${process.pid % 10_000}`, address: '192.0.2.2' };
const PORT = 8888;

const within = ({ name }: typeof HERE, ...command: string[]) => ['netns', 'exec', name, ...command];

/** Runs a script where the stranger is, and returns the lines that it printed. */
async function there(script: string): Promise<readonly string[]> {
  const { stdout } = await ip(...within(THERE, process.execPath, '--input-type=module', '-e', script));
  return stdout.trim().split('\n');
}

/** Starts the runtime in its network and waits until it is ready. */
async function start(): Promise<ChildProcess> {
  const command = within(HERE, process.execPath, '--import', './local/require-node.mjs', 'local/start.ts');
  const env = {
    PATH: process.env['PATH'],
    PORT: String(PORT),
    SLUICE_DATA_DIR: await newDataDir(),
    SLUICE_ASSEMBLY_DIR: await realAssembly(),
    SLUICE_LISTEN: '0.0.0.0',
    SLUICE_ORIGIN: `http://${HERE.address}:${PORT}`,
  };
  const child = spawn(programPath('ip') ?? 'ip', command, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text) => String(text).includes('Sluice is ready') && resolve());
    child.on('exit', () => reject(new Error('The runtime ended before it was ready.')));
  });
  return child;
}

const alone = skipLoudly('in a network of its own', process.getuid?.() === 0 ? undefined : 'it takes root');

describe.skipIf(alone || skipWithout('ip'))('a stranger on the network', () => {
  let runtime: ChildProcess | undefined;
  beforeAll(async () => {
    for (const { name } of [HERE, THERE]) await ip('netns', 'add', name);
    const ends = ['type', 'veth', 'peer', 'name', 'wire', 'netns', THERE.name];
    await ip('-n', HERE.name, 'link', 'add', 'wire', ...ends);
    for (const { name, address } of [HERE, THERE]) {
      await ip('-n', name, 'addr', 'add', `${address}/30`, 'dev', 'wire');
      for (const device of ['wire', 'lo']) await ip('-n', name, 'link', 'set', device, 'up');
    }
    runtime = await start();
  });
  afterAll(async () => {
    const gone = new Promise((resolve) => runtime?.on('exit', resolve));
    if (runtime?.kill('SIGTERM')) await gone;
    for (const { name } of [HERE, THERE]) await ip('netns', 'del', name);
  });

  it('reads nothing that is kept, without the code', async () => {
    const paths = [
      ...['/_local/mail', '/_local/inbox', '/_local/queues', '/_local/executions', '/_local/dead-letters'],
      ...['/_local/oidc/authorize?response_type=code', '/api/v1/environments', '/api/v1/promotions'],
      ...[
        '/api/v1/audit/export',
        '/v2/',
        '/v2/platform/tags/list',
        '/v2/platform/manifests/build-1',
        '/metrics',
      ],
      ...['/web/api/overview', '/web/api/api/v1/environments'],
    ];
    const lines = await there(`
      const url = 'http://${HERE.address}:${PORT}';
      for (const path of ${JSON.stringify(paths)}) console.log((await fetch(url + path)).status, path);
      const headers = { 'content-type': 'application/json' };
      const made = await fetch(url + '/_local/token', { method: 'POST', headers, body: '{"email":"admin@acme.com"}' });
      console.log(made.status, 'token');
      const flags = await fetch(url + '/ofrep/v1/evaluate/flags', { method: 'POST', headers, body: '{}' });
      console.log(flags.status, 'flags');`);
    expect(lines.length).toBe(paths.length + 2);
    expect(lines.filter((line) => !/^(401|403|404) /.test(line))).toEqual([]);
  });

  it('reaches no other port of the runtime: neither the table nor the services in the place of AWS', async () => {
    const { stdout } = await ip(...within(HERE, programPath('ss') ?? 'ss', '-Hltn'));
    const ports = [...stdout.matchAll(/:(\d+) +\S+:\*/g)].map(([, port]) => Number(port));
    expect(ports).toContain(PORT);
    expect(ports.length).toBeGreaterThan(2);
    const open = await there(`
      import { connect } from 'node:net';
      for (const port of ${JSON.stringify(ports)}) {
        const socket = connect(port, '${HERE.address}');
        const reached = await new Promise((resolve) => {
          socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
        });
        if (reached) console.log(port);
        socket.destroy();
      }`);
    expect(open).toEqual([String(PORT)]);
  });
});
