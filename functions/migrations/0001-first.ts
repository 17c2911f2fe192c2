import type { Migration } from './migration.ts';

/** Format 1 is what 0.1.0 wrote: nothing moves. Tables of before have no number, and are judged by their keys. */
export const first: Migration = { format: 1, readable_from: 1, move: () => undefined };
