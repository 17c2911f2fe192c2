import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { SiteFiles } from '../../functions/ports/site-files.ts';
import { GUIDES, guideOf } from '../../infra/guides.ts';

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));

let built: Promise<Buffer> | undefined;

/** The guides as the build reads them, beside functions that run from their source. */
export const builtGuides: SiteFiles = {
  async read(name, packing) {
    if (name !== 'guides.json' || packing !== 'gzip') return undefined;
    built ??= Promise.all(
      Object.entries(GUIDES).map(async ([guide, says]) =>
        guideOf(guide, says, await readFile(`${DOCS}/${guide}.md`, 'utf8')),
      ),
    ).then((guides) => gzipSync(JSON.stringify(guides)));
    return built;
  },
};
