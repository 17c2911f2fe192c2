import type { ItemKeys } from '../../../functions/domain/format/judge.ts';
import type { FormatNumber } from '../../../functions/domain/format/number.ts';
import type { FormatStore } from '../../../functions/ports/format-store.ts';

/** A table of keys and its number. */
export function memoryFormatStore(items: readonly ItemKeys[] = []): FormatStore {
  let number: FormatNumber | undefined;
  return {
    read: async () => number,
    async write(next, expected) {
      const [is, was] = [number, expected].map((each) =>
        JSON.stringify([each?.format, each?.at, each?.step]),
      );
      if (is !== was) return false;
      number = next;
      return true;
    },
    async keys(see) {
      for (const each of items) see([each]);
    },
  };
}
