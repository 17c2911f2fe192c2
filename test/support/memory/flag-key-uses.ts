import { flagKeyUseKey, flagKeyUsesPartition } from '../../../functions/adapters/dynamodb/keys-flag.ts';
import { addDuration } from '../../../functions/domain/instant.ts';
import type { FlagKeyUses } from '../../../functions/ports/flag-key-uses.ts';
import type { Memory } from './memory-map.ts';

export function memoryFlagKeyUses(memory: Memory): FlagKeyUses {
  return {
    async note(tenant, id, at) {
      const key = flagKeyUseKey(tenant, id);
      const before = memory.flagKeyUses.get(key)?.at ?? '';
      if (before <= addDuration(at, '-PT1H')) memory.flagKeyUses.set(key, { id, at });
    },
    async all(tenant) {
      const found = memory.flagKeyUses.partition(flagKeyUsesPartition(tenant));
      return new Map(found.map(({ id, at }) => [id, at]));
    },
  };
}
