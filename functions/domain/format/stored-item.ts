/** An item as a migration sees it: its keys and attributes, which are texts and whole numbers, and its body unpacked. */
export type StoredItem = {
  readonly PK: string;
  readonly SK: string;
  readonly body?: object;
  readonly [attribute: string]: string | number | object | undefined;
};
