/** Where a scheduled scan over all tenants stopped when its time ran out, so that the next one goes on from there. */
export interface Cursors {
  /** `undefined`: start from the beginning. */
  read(scan: string): Promise<string | undefined>;
  /** Keeps a position of at most 2 KB, or forgets it. The last writer wins: a lost position costs a scan, nothing else. */
  write(scan: string, position: string | undefined): Promise<void>;
}
