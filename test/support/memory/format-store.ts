import type { ItemKeys } from '../../../functions/domain/format/judge.ts';
import type { FormatNumber } from '../../../functions/domain/format/number.ts';
import type { FormatStore } from '../../../functions/ports/format-store.ts';

/** A table of keys and its number. */
export function memoryFormatStore(items: readonly ItemKeys[] = []): FormatStore {
  let number: FormatNumber | undefined;
  return {
    read: async () => number,
    async write(next, expected) {
      if (number?.format !== expected?.format || number?.at !== expected?.at) return false;
      number = next;
      return true;
    },
    async keys(see) {
      for (const each of items) see([each]);
    },
  };
}
