import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../infra/functions.ts';
import { realAssembly } from '../support/runtime.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await realAssembly();
});

/** Function name → path of its bundle in the assembly. */
async function bundles(): Promise<Map<string, string>> {
  const template = JSON.parse(await readFile(join(folder, 'Sluice.template.json'), 'utf8'));
  const assets = JSON.parse(await readFile(join(folder, 'Sluice.assets.json'), 'utf8')).files;
  const found = new Map<string, string>();
  for (const { Type, Properties } of Object.values<ReturnType<typeof JSON.parse>>(template.Resources)) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const asset = assets[Properties.Code.S3Key.replace(/\.zip$/, '')];
    const path = join(folder, asset.source.path);
    const beside = (await readdir(path)).filter((file) => file !== 'index.mjs' && file !== SITE);
    expect(LATE).toEqual(expect.arrayContaining(beside));
    for (const file of beside) expect(await import(join(path, file)), file).toBeDefined();
    found.set(Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME, join(path, 'index.mjs'));
  }
  return found;
}

/** The folder of the dashboard's files, beside the function that serves them. */
const SITE = 'site';
/**
 * What may stand beside a bundle, loaded only when it is first needed: the calendar of recurring freezes, the client of alarms, the identity provider's, the
 * parsers of reports, the verifier of Sigstore bundles.
 */
const LATE = [
  'apply-artifact.mjs',
  'consumer.mjs',
  'identity-provider.mjs',
  'open-scheduler.mjs',
  'read-report.mjs',
  'sigstore-bundles.mjs',
];
/**
 * The goal is 400 KB. The third kind, masks and the second admin took the largest eleven past it (480 KB, half of it the SDK): what they
 * gain next is loaded late.
 */
const MOST = 490 * 1024;

describe('node infra/app.ts', () => {
  it('writes an assembly in which every function has a bundle of bounded size that exports a handler', async () => {
    const found = await bundles();
    expect([...found.keys()].sort()).toEqual(FUNCTIONS.map(({ name }) => name).sort());
    for (const [name, file] of found) {
      expect((await stat(file)).size, name).toBeLessThanOrEqual(MOST);
      const { handler } = await import(file);
      expect(typeof handler, name).toBe('function');
    }
  });

  it('bundles every handler file and none twice', async () => {
    const handlers = join(ROOT, 'functions/handlers');
    for (const folderOfOneHandlerEach of ['workflow', 'events', 'queues', 'schedule']) {
      const files = await readdir(join(handlers, folderOfOneHandlerEach));
      const exporting = [];
      for (const file of files) {
        const source = await readFile(join(handlers, folderOfOneHandlerEach, file), 'utf8');
        if (/^export const handler\b/m.test(source)) exporting.push(`${folderOfOneHandlerEach}/${file}`);
      }
      const declared = FUNCTIONS.map(({ entry }) => entry).filter((it) =>
        it.startsWith(`${folderOfOneHandlerEach}/`),
      );
      expect([...declared].sort()).toEqual(exporting.sort());
    }
  });
});
