/** An object, and the mark by which it is replaced only as it was read. */
export type Marked = { readonly bytes: Uint8Array; readonly mark: string };

/** The objects of logs: tiles and entries, which never change, and one checkpoint for each log. Throws `Unavailable`. */
export interface LogObjects {
  /** `undefined` when there is none. */
  get(path: string): Promise<Marked | undefined>;
  /** Writes an object that is not there yet, or (with a mark) the one that was read; says whether it did. */
  put(path: string, bytes: Uint8Array, mark?: string): Promise<boolean>;
}
