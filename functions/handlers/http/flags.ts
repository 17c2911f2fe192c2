import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { openWatchedTable } from '../wiring/open-table.ts';
import { wireProvider } from '../wiring/provider.ts';
import { wireOpenTable } from '../wiring/table.ts';
import { flagsHandler } from './flags-handler.ts';

export const handler = flagsHandler(() => {
  const environment = readEnvironment();
  const { flagStreamUrl: streamUrl } = environment;
  const table = openWatchedTable(environment.tableName);
  return { ...wireOpenTable(table), provider: wireProvider(environment), streamUrl };
}, openLog());
