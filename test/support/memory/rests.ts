import { restKey } from '../../../functions/adapters/dynamodb/keys-notification.ts';
import type { Rests } from '../../../functions/ports/rests.ts';
import type { Memory } from './cells.ts';

export function memoryRests({ rests }: Memory): Rests {
  return {
    until: async (channel) => rests.get(restKey(channel)),
    async begin(channel, until) {
      rests.set(restKey(channel), until);
    },
    async prolong(channel, seen, until) {
      if (rests.get(restKey(channel)) !== seen) return false;
      rests.set(restKey(channel), until);
      return true;
    },
    async end(channel) {
      rests.delete(restKey(channel));
    },
  };
}
