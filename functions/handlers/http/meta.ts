import { fileURLToPath } from 'node:url';
import { folderOfFiles } from '../../adapters/site/files.ts';
import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireTable } from '../wiring/table.ts';
import { metaRoutes } from './meta-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(
  metaRoutes,
  () => ({
    ...wireTable(readEnvironment()),
    guides: folderOfFiles(fileURLToPath(new URL('./guides', import.meta.url))),
  }),
  openLog(),
);
