import {
  observationKey,
  observationsPartition,
} from '../../../functions/adapters/dynamodb/keys-deployment.ts';
import type { Observations } from '../../../functions/ports/observations.ts';
import type { Memory } from './memory-map.ts';
import { pageOf } from './paging.ts';

export function memoryObservations(memory: Memory): Observations {
  return {
    read: async (tenant, slot) => memory.observations.get(observationKey(tenant, slot)),
    async put(tenant, observation, expected) {
      const key = observationKey(tenant, observation.slot);
      if ((memory.observations.get(key)?.version ?? 0) !== expected) return false;
      memory.observations.set(key, observation);
      return true;
    },
    async inEnvironment(tenant, environment, page) {
      const all = memory.observations.partition(observationsPartition(tenant, environment));
      return pageOf(all, ({ slot }) => observationKey(tenant, slot).SK, page);
    },
  };
}
