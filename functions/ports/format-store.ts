import type { ItemKeys } from '../domain/format/judge.ts';
import type { FormatNumber } from '../domain/format/number.ts';

/** The format number of the table, and the keys by which a table without one is judged. */
export interface FormatStore {
  /** Strongly consistent. */
  read(): Promise<FormatNumber | undefined>;
  /** Sets the number where it still is what was read; `false` when another process was first. */
  write(next: FormatNumber, expected: FormatNumber | undefined): Promise<boolean>;
  /** Shows the keys of every item but the number, page by page in no order. What `see` throws ends the walk. */
  keys(see: (page: readonly ItemKeys[]) => void): Promise<void>;
}

/** Whether this process may serve the table: rejects with the fault `FormatUnsupported` when it may not. */
export type FormatCheck = () => Promise<void>;
