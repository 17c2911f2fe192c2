import { backoffKey } from '../../../functions/adapters/dynamodb/keys-notification.ts';
import type { BackoffWindows } from '../../../functions/ports/backoff-windows.ts';
import type { Memory } from './memory-map.ts';

export function memoryBackoffWindows({ backoff }: Memory): BackoffWindows {
  return {
    until: async (channel) => backoff.get(backoffKey(channel)),
    async begin(channel, until) {
      backoff.set(backoffKey(channel), until);
    },
    async prolong(channel, seen, until) {
      if (backoff.get(backoffKey(channel)) !== seen) return false;
      backoff.set(backoffKey(channel), until);
      return true;
    },
    async end(channel) {
      backoff.delete(backoffKey(channel));
    },
  };
}
