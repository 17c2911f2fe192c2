import { first } from './0001-first.ts';
import type { Migration } from './migration.ts';

/** Every migration, oldest first. The last one's format is `FORMAT`. */
export const MIGRATIONS: readonly Migration[] = [first];
