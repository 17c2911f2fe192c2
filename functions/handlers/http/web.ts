import { fileURLToPath } from 'node:url';
import { folderOfFiles } from '../../adapters/site/files.ts';
import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireBearerStores } from '../wiring/bearer-stores.ts';
import { wireSite } from '../wiring/site.ts';
import { wireTable } from '../wiring/table.ts';
import { dashboardRoutes } from './dashboard-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(
  dashboardRoutes,
  () => {
    const environment = readEnvironment();
    return {
      ...wireTable(environment),
      ...wireBearerStores(environment),
      site: wireSite(),
      files: folderOfFiles(fileURLToPath(new URL('./site', import.meta.url))),
    };
  },
  openLog(),
);
