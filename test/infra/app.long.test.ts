import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FUNCTIONS } from '../../infra/functions.ts';
import { awslambda } from '../../local/lambda/response-stream.mjs';
import { deployedAssembly, realAssembly } from '../support/runtime.ts';

let folder: string;

beforeAll(async () => {
  folder = await deployedAssembly();
});

/** Function name → folder of its bundle in the assembly. */
async function bundles(): Promise<Map<string, string>> {
  const template = JSON.parse(await readFile(join(folder, 'Sluice.template.json'), 'utf8'));
  const assets = JSON.parse(await readFile(join(folder, 'Sluice.assets.json'), 'utf8')).files;
  const found = new Map<string, string>();
  for (const { Type, Properties } of Object.values<ReturnType<typeof JSON.parse>>(template.Resources)) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const asset = assets[Properties.Code.S3Key.replace(/\.zip$/, '')];
    found.set(Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME, join(folder, asset.source.path));
  }
  return found;
}

/** The folders of the dashboard's files and of the guides, beside the functions that serve them. */
const BESIDE = ['site', 'guides'];
/** What a cold start loads, at most: the entry and all that it imports. Half of it is the SDK. */
const MOST_AT_START = 500 * 1024;
/** All that a function may load in its life: what one kind, one rare verb or one client needs is loaded on demand. */
const MOST = 740 * 1024;

/** The files of a bundle, with what each imports: statically, or on demand. */
async function filesOf(path: string) {
  const names = (await readdir(path)).filter((file) => !BESIDE.includes(file));
  return new Map(
    await Promise.all(
      names.map(async (name) => {
        const text = await readFile(join(path, name), 'utf8');
        const static_ = [...text.matchAll(/(?:from|import)"\.\/([\w.-]+\.mjs)"/g)].map(
          ([, file = '']) => file,
        );
        const late = [...text.matchAll(/import\("\.\/([\w.-]+\.mjs)"\)/g)].map(([, file = '']) => file);
        return [name, { bytes: Buffer.byteLength(text), static_, late }] as const;
      }),
    ),
  );
}

/** The files that are loaded once the entry is, and with `late` all that it can ever load. */
function reached(files: Awaited<ReturnType<typeof filesOf>>, late: boolean): ReadonlySet<string> {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const file = files.get(name);
    if (file === undefined) throw new Error(`${name} is not in the bundle`);
    for (const next of [...file.static_, ...(late ? file.late : [])]) visit(next);
  };
  visit('index.mjs');
  return seen;
}

describe('node infra/app.ts', () => {
  // The Node runtime of Lambda has it; the local one too.
  beforeAll(() => vi.stubGlobal('awslambda', awslambda));
  afterAll(() => vi.unstubAllGlobals());

  it('writes an assembly in which every function has a bundle of bounded size that exports a handler', async () => {
    const found = await bundles();
    expect([...found.keys()].sort()).toEqual(FUNCTIONS.map(({ name }) => name).sort());
    for (const [name, path] of found) {
      const files = await filesOf(path);
      const bytes = (some: ReadonlySet<string>) =>
        [...some].reduce((sum, file) => sum + (files.get(file)?.bytes ?? 0), 0);
      expect(bytes(reached(files, false)), `${name} at start`).toBeLessThanOrEqual(MOST_AT_START);
      expect(bytes(reached(files, true)), name).toBeLessThanOrEqual(MOST);
      expect([...reached(files, true)].sort(), name).toEqual([...files.keys()].sort());
      for (const file of files.keys()) expect(await import(join(path, file)), file).toBeDefined();
      const { handler } = await import(join(path, 'index.mjs'));
      expect(typeof handler, name).toBe('function');
    }
  });

  it('has the template that npm start runs, but for where the code of a function lies', async () => {
    const templates = await Promise.all([deployedAssembly(), realAssembly()].map(withoutPlaces));
    expect(templates[0]).toEqual(templates[1]);
    expect(Object.keys(templates[0]?.Resources).length).toBeGreaterThan(300);
  });
});

/** The template of an assembly, without what says where the code of a function lies in it. */
async function withoutPlaces(directory: Promise<string>) {
  const template = JSON.parse(await readFile(join(await directory, 'Sluice.template.json'), 'utf8'));
  for (const { Type, Properties, Metadata } of Object.values<ReturnType<typeof JSON.parse>>(
    template.Resources,
  )) {
    if (Type !== 'AWS::Lambda::Function') continue;
    expect(Properties.Handler).toMatch(/(^|\/)index\.handler$/);
    delete Properties.Handler;
    delete Properties.Code;
    delete Metadata?.['aws:asset:path'];
  }
  return template;
}
