import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../local/ports.ts';
import { until } from './api.ts';
import type { TestRegistry } from './local-registry.ts';
import { programPath } from './programs.ts';

/** Registries of other makers: Debian's (2.8), and the CNCF distribution that `.ci/judges` builds (3.1). Neither has the referrers API. */
export type ForeignRegistry = 'docker-registry' | 'registry';

/** Starts a registry of another maker on an empty directory, without accounts. */
export async function startForeignRegistry(program: ForeignRegistry): Promise<TestRegistry> {
  const path = programPath(program);
  if (path === undefined) throw new Error(`there is no ${program} here: run .ci/judges`);
  const directory = await mkdtemp(join(tmpdir(), `sluice-${program}-`));
  const port = await freePort();
  const config = {
    version: 0.1,
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: join(directory, 'data') }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${port}` },
  };
  const file = join(directory, 'config.yml');
  // JSON is YAML.
  await writeFile(file, JSON.stringify(config));
  const child = spawn(path, ['serve', file], {
    stdio: 'ignore',
    env: { ...process.env, OTEL_TRACES_EXPORTER: 'none' },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const endWithParent = () => child.kill('SIGKILL');
  process.once('exit', endWithParent);
  const url = `http://127.0.0.1:${port}`;
  await answering(url, child);
  return {
    url,
    directory,
    async stop() {
      process.off('exit', endWithParent);
      child.kill('SIGKILL');
      await ended;
      await rm(directory, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}

async function answering(url: string, child: { readonly exitCode: number | null }): Promise<void> {
  await until(
    async () => {
      if (child.exitCode !== null) throw new Error(`the registry ended with ${child.exitCode}`);
      return (await fetch(`${url}/v2/`).catch(() => undefined))?.ok;
    },
    (ok) => ok === true,
  );
}
