import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { FUNCTIONS } from '../../infra/functions.ts';

const HANDLERS = fileURLToPath(new URL('../../functions/handlers', import.meta.url));

it.each(['workflow', 'events', 'queues', 'schedule'])(
  'every handler of %s is a declared function, once',
  async (folder) => {
    const exporting = [];
    for (const file of await readdir(join(HANDLERS, folder))) {
      const source = await readFile(join(HANDLERS, folder, file), 'utf8');
      if (/^export const handler\b/m.test(source)) exporting.push(`${folder}/${file}`);
    }
    const declared = FUNCTIONS.map(({ entry }) => entry).filter((entry) => entry.startsWith(`${folder}/`));
    expect([...declared].sort()).toEqual(exporting.sort());
  },
);
