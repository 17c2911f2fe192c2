/** An item as a migration sees it: its keys, texts and whole numbers, its body unpacked, and what else it has as the table keeps it. */
export type StoredItem = {
  readonly PK: string;
  readonly SK: string;
  readonly body?: object;
  readonly [attribute: string]: string | number | object | undefined;
};
