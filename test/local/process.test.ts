import { readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../local/ports.ts';
import { newDataDir } from '../support/runtime.ts';
import { launch } from '../support/runtime-process.ts';
import { eventually, type Fixture, fixtureAssembly, startFixture } from './fixture.ts';

/** The processes that run on this data directory's table, by their command line. */
async function engines(dataDir: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(`${dataDir}/table.sqlite`)) found.push(pid);
  }
  return found;
}

describe('starting', () => {
  it('says in one line that the port is in use, and exits with 1', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const dataDir = await newDataDir();
    const runtime = launch({
      PORT: String(port),
      SLUICE_DATA_DIR: dataDir,
      SLUICE_ASSEMBLY_DIR: fixtureAssembly,
    });
    expect(await runtime.gone).toBe(1);
    expect(runtime.output()).toBe(
      `Port ${port} is in use by another process. Stop it, or choose another port: npm start -- --port 9999\n`,
    );
    server.close();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
  });

  it('names the setting that makes no sense', async () => {
    const runtime = launch({ PORT: 'eighty' });
    expect(await runtime.gone).toBe(1);
    expect(runtime.output()).toBe('PORT must be a whole number from 0 to 65535, not eighty.\n');
  });
});

/** Runs the token command to its end. */
async function tokenCommand(dataDir: string, ...args: string[]) {
  const command = launch({ SLUICE_DATA_DIR: dataDir }, 'local/token.ts', args);
  return { code: await command.gone, output: command.output() };
}

describe('a runtime that runs', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(async () => {
    await fixture.stop();
  });

  it('refuses the data directory of a runtime that runs, which goes on', async () => {
    const second = launch({
      PORT: String(await freePort()),
      SLUICE_DATA_DIR: fixture.dataDir,
      SLUICE_ASSEMBLY_DIR: fixtureAssembly,
    });
    expect(await second.gone).toBe(1);
    expect(second.output()).toMatch(/^Another Sluice uses .*\n$/);
    expect((await fixture.act('shorthand')).status).toBe(200);
  });

  it('gives the token command a token, and nothing else to print', async () => {
    const { code, output } = await tokenCommand(fixture.dataDir, 'bob@acme.com');
    expect(code).toBe(0);
    expect(output).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const nobody = await tokenCommand(fixture.dataDir, 'nobody@acme.com');
    expect(nobody).toEqual({
      code: 1,
      output: 'Nobody has the address nobody@acme.com; see local/demo-people.json.\n',
    });
  });
});

describe('stopping', () => {
  it('ends everything that was started', async () => {
    const fixture = await startFixture();
    expect((await engines(fixture.dataDir)).length).toBeGreaterThan(0);
    fixture.signal('SIGTERM');
    expect(await fixture.gone).toBe(0);
    expect(await engines(fixture.dataDir)).toEqual([]);
    await expect(readFile(`${fixture.dataDir}/runtime.json`)).rejects.toThrow();
    await rm(fixture.dataDir, { recursive: true, force: true, maxRetries: 20 });
  });

  it('waits for the request under way, however often SIGINT comes', async () => {
    const fixture = await startFixture();
    const slow = fixture.act('sleep', { ms: 1_500, id: 'slow' });
    await eventually(async () => (await fixture.act('get', { id: 'slow' })).body);
    // npm passes on the signal that the terminal sent as well.
    fixture.signal('SIGINT');
    fixture.signal('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 100));
    fixture.signal('SIGINT');
    expect((await slow).status).toBe(200);
    expect(await fixture.gone).toBe(0);
    expect(await engines(fixture.dataDir)).toEqual([]);
    await expect(readFile(`${fixture.dataDir}/runtime.json`)).rejects.toThrow();
    await rm(fixture.dataDir, { recursive: true, force: true, maxRetries: 20 });
  });

  it('leaves no engine behind after kill -9', async () => {
    const fixture = await startFixture();
    await fixture.kill9();
    await eventually(async () => (await engines(fixture.dataDir)).length === 0);
    await rm(fixture.dataDir, { recursive: true, force: true, maxRetries: 20 });
  });
});

describe('the token command', () => {
  it('says that nothing runs', async () => {
    expect(await tokenCommand('/nonexistent', 'bob@acme.com')).toEqual({
      code: 1,
      output: 'The local runtime does not run. Start it: npm start\n',
    });
  });
});
