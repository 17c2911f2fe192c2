import { onBoth } from './adapters.ts';
import { configNodesContract } from './config-nodes.contract.ts';

let now = '2026-11-01T00:00:00.000Z';

onBoth(
  'config nodes',
  (bench) =>
    configNodesContract(bench, (instant) => {
      now = instant;
    }),
  () => now,
);
