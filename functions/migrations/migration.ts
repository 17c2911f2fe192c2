import type { StoredItem } from '../domain/format/stored-item.ts';

/** A change of stored items from the format before to `format`. Pure: what it makes of an item depends on the item alone. */
export type Migration = {
  /** The format that the table has from the moment the migration begins; one above that of the migration before. */
  readonly format: number;
  /** The oldest format whose code reads and writes the table from that moment on. */
  readonly readable_from: number;
  /** Set where old and new items must not be written side by side: nothing is written while it runs. */
  readonly read_only?: true;
  /** What takes the item's place; `undefined` for an item that stays. Of what it made, it makes nothing more. */
  readonly move: (item: StoredItem) => readonly StoredItem[] | undefined;
};
