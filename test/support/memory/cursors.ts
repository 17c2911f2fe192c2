import type { Cursors } from '../../../functions/ports/cursors.ts';

export function memoryCursors(): Cursors {
  const positions = new Map<string, string>();
  return {
    read: async (walk) => positions.get(walk),
    async write(walk, position) {
      if (position === undefined) positions.delete(walk);
      else positions.set(walk, position);
    },
  };
}
