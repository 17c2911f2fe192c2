import { unguessable } from '../../adapters/unguessable.ts';
import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireBearerStores } from '../wiring/bearer-stores.ts';
import { wireProvider } from '../wiring/provider.ts';
import { wireSite } from '../wiring/site.ts';
import { wireTable } from '../wiring/table.ts';
import { signInRoutes } from './sign-in-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(
  signInRoutes,
  () => {
    const environment = readEnvironment();
    return {
      ...wireTable(environment),
      ...wireBearerStores(environment),
      site: wireSite(),
      provider: wireProvider(environment),
      unguessable,
    };
  },
  openLog(),
);
