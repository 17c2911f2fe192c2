import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireProvider } from '../wiring/provider.ts';
import { wireTable } from '../wiring/table.ts';
import { flagsHandler } from './flags-handler.ts';

export const handler = flagsHandler(() => {
  const environment = readEnvironment();
  const { flagStreamUrl: streamUrl } = environment;
  return { ...wireTable(environment), provider: wireProvider(environment), streamUrl };
}, openLog());
