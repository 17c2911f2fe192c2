import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FunctionDefinition } from '../../local/cloudformation/functions.ts';
import { createFunctions, type Functions } from '../../local/lambda/functions.ts';
import { localAccountId, localRegion } from '../../local/surroundings.ts';
import { type Sources, watchSources } from '../../local/watch.ts';
import { until } from '../support/api.ts';

const ENTRY = `
import { word } from './below/word.ts';
export const handler = async (event: { wait?: true; fail?: true }) => {
  if (event.fail) throw new Error('on purpose');
  if (event.wait) await new Promise((resolve) => setTimeout(resolve, 2_000));
  return word;
};`;

let folder: string;
let sources: Sources;
let functions: Functions;
const write = (word: string) =>
  writeFile(join(folder, 'src/below/word.ts'), `export const word = ${word};\n`);
const call = (event: object = {}, name = 'watched') => functions.invoke(name, event);
/** Calls until a change has been noticed. */
const answered = (payload: unknown) =>
  until(
    () => call(),
    (answer) => answer.ok && answer.payload === payload,
    50,
  );

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-watch-'));
  await mkdir(join(folder, 'src/below'), { recursive: true });
  await mkdir(join(folder, 'deployed'));
  await writeFile(join(folder, 'src/entry.ts'), ENTRY);
  await write("'first'");
  const file = join(folder, 'deployed/index.mjs');
  await writeFile(file, "export const handler = async () => 'as deployed';");
  sources = watchSources(join(folder, 'out'), {
    folders: [join(folder, 'src')],
    entries: [{ name: 'own', entry: join(folder, 'src/entry.ts') }],
  });
  const definition = (name: string, service: string): FunctionDefinition => ({
    name,
    arn: `arn:aws:lambda:${localRegion}:${localAccountId}:function:${name}`,
    file,
    exportName: 'handler',
    timeoutMs: 300_000,
    memoryMb: 128,
    environment: { POWERTOOLS_SERVICE_NAME: service },
    isSeed: false,
  });
  functions = createFunctions([definition('watched', 'own'), definition('other', 'foreign')], {
    surroundings: { region: localRegion, accountId: localAccountId, httpUrl: 'http://127.0.0.1:1' },
    local: {},
    limits: { concurrency: 2, queue: 10, most: 4, kept: 4, idleMs: 60_000, patienceMs: 0, stallMs: 2_000 },
    log: createWriteStream('/dev/null'),
    sources,
  });
});
afterEach(async () => {
  await functions.stop();
  await sources.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
});

describe('a function whose sources are watched', () => {
  it('answers as its sources are, and as they are after a change', async () => {
    expect(await call()).toEqual({ ok: true, payload: 'first' });
    await write("'second'");
    await answered('second');
  });

  it('ends with the code with which it began', async () => {
    const running = call({ wait: true });
    await until(
      () => stat(join(folder, 'out/0/own/index.mjs')).catch(() => undefined),
      (found) => found !== undefined,
      50,
    );
    await write("'second'");
    await answered('second');
    expect(await running).toEqual({ ok: true, payload: 'first' });
    expect(await call()).toEqual({ ok: true, payload: 'second' });
  });

  it('fails at the line of its source', async () => {
    const failed = await call({ fail: true });
    expect(failed).toMatchObject({ ok: false, error: { errorMessage: 'on purpose' } });
    expect(failed.ok ? '' : failed.error.trace?.join('\n')).toMatch(/src\/entry\.ts:4:/);
  });

  it('says what does not build, and goes on once it does', async () => {
    expect(await call()).toMatchObject({ ok: true });
    await write('const');
    const broken = await until(
      () => call(),
      (answer) => !answer.ok,
      50,
    );
    expect(broken).toMatchObject({ error: { errorType: 'Sandbox.BuildFailed' } });
    expect(broken.ok ? '' : broken.error.errorMessage).toContain('word.ts:1');
    await write("'third'");
    await answered('third');
  });

  it('leaves alone what has no sources here', async () => {
    expect(await call({}, 'other')).toEqual({ ok: true, payload: 'as deployed' });
  });
});
