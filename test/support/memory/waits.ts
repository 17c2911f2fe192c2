import type { Wait, Waits } from '../../../functions/ports/waits.ts';

export function memoryWaits(): Waits {
  const waiting = new Map<string, readonly Wait[]>();
  return {
    async begin(tenant, wait, now, most) {
      const left = (waiting.get(tenant) ?? []).filter(({ until }) => until > now);
      if (left.length >= most) return false;
      waiting.set(tenant, [...left, wait]);
      return true;
    },
    async end(tenant, id) {
      waiting.set(
        tenant,
        (waiting.get(tenant) ?? []).filter((wait) => wait.id !== id),
      );
    },
  };
}
