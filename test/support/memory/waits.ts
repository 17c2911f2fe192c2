import { hasPlace, type Wait, type WaitList, type Waits } from '../../../functions/ports/waits.ts';

export function memoryWaits(): Waits {
  const waiting = new Map<string, readonly Wait[]>();
  const name = (tenant: string, list: WaitList) => `${tenant} ${list}`;
  return {
    async begin(tenant, wait, now, places, list = 'promotions') {
      const left = (waiting.get(name(tenant, list)) ?? []).filter(({ until }) => until > now);
      if (!hasPlace(left, places)) return false;
      waiting.set(name(tenant, list), [...left, wait]);
      return true;
    },
    async end(tenant, id, list = 'promotions') {
      const left = (waiting.get(name(tenant, list)) ?? []).filter((wait) => wait.id !== id);
      waiting.set(name(tenant, list), left);
    },
  };
}
