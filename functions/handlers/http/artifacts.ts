import type { UpdatesDeps } from '../../use-cases/artifacts/available-updates.ts';
import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireBus } from '../wiring/bus.ts';
import { BRIEF_COPY_SECONDS, wireRegistries } from '../wiring/registries.ts';
import { wireTable } from '../wiring/table.ts';
import { type ArtifactDeps, artifactRoutes } from './artifact-routes.ts';
import { consumerRoutes } from './consumer-routes.ts';
import type { Route } from './route.ts';
import { httpHandler } from './stack.ts';

/** Versions of artifacts, and who uses them. */
const routes: readonly Route<ArtifactDeps & UpdatesDeps>[] = [...artifactRoutes, ...consumerRoutes];

export const handler = httpHandler(
  routes,
  () => {
    const environment = readEnvironment();
    return {
      ...wireTable(environment),
      bus: wireBus(environment),
      registries: wireRegistries(environment, BRIEF_COPY_SECONDS),
      allowLoopback: environment.allowLoopback,
    };
  },
  openLog(),
);
