import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../../functions/contract/all.ts';
import { openApi } from '../../functions/contract/openapi.ts';
import { programPath, skipWithout } from '../support/programs.ts';

/** The document as programs of others read it: linters without a warning, and clients of every operation that compile. */

const run = promisify(execFile);
const tsc = join(import.meta.dirname, '../../node_modules/.bin/tsc');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openapi-'));
  await writeFile(join(folder, 'api.json'), JSON.stringify(openApi()));
  // Of `/promotions/rules/{id}` and `/promotions/{id}/retry` only one can fit: no promotion is called `rules`.
  await writeFile(
    join(folder, 'redocly.yaml'),
    'extends: [recommended]\nrules:\n  no-ambiguous-paths: off\n',
  );
  // It knows no YAML: a client of it sends the same document as JSON.
  await writeFile(
    join(folder, 'python.json'),
    '{"content_type_overrides":{"application/yaml":"application/json"}}',
  );
  await writeFile(join(folder, '.spectral.json'), '{"extends":["spectral:oas"]}');
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20 }));

async function judged(program: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await run(programPath(program) ?? program, args, {
    cwd: folder,
    maxBuffer: 64 * 1024 * 1024,
  });
  return `${stdout}${stderr}`;
}

const compiled = (file: string) =>
  run(
    tsc,
    [
      ...['--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler'],
      ...['--target', 'es2023', '--lib', 'es2023,dom,dom.iterable', '--types', '', file],
    ],
    { cwd: folder },
  );

describe('the description of the API', () => {
  it.skipIf(skipWithout('redocly'))('has no warning of Redocly', async () => {
    expect(await judged('redocly', 'lint', 'api.json')).not.toMatch(/You have \d+ warning/);
  });

  it.skipIf(skipWithout('spectral'))('has no warning of Spectral', async () => {
    await judged('spectral', 'lint', 'api.json', '-r', '.spectral.json', '--fail-severity', 'warn');
  });

  it.skipIf(skipWithout('openapi-typescript'))('gives types with openapi-typescript', async () => {
    await judged('openapi-typescript', 'api.json', '-o', 'types.d.ts');
    await compiled('types.d.ts');
  });

  it.skipIf(skipWithout('openapi-ts'))('gives a client with @hey-api/openapi-ts', async () => {
    await judged('openapi-ts', '-i', 'api.json', '-o', 'hey', '--no-log-file');
    await compiled('hey/index.ts');
  });

  it.skipIf(skipWithout('openapi-python-client'))(
    'gives a client of every operation with openapi-python-client',
    async () => {
      const args = [
        'generate',
        '--path',
        'api.json',
        '--output-path',
        'python',
        '--fail-on-warning',
        '--config',
        'python.json',
      ];
      await judged('openapi-python-client', ...args);
      const files = await readdir(join(folder, 'python'), { recursive: true });
      const operations = files.filter((file) => /\/api\/\w+\/(?!__init__)\w+\.py$/.test(file));
      expect(operations).toHaveLength(ENDPOINTS.length);
      await run('python3', ['-m', 'compileall', '-q', 'python'], { cwd: folder });
    },
  );
});
