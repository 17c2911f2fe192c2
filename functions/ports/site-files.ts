/** How a file is packed, as `Accept-Encoding` names it. */
export type Packing = 'br' | 'gzip';

/** The built files of the dashboard. */
export interface SiteFiles {
  /** A file by its name, packed so; `undefined` when there is none of that name. */
  read(name: string, packing: Packing): Promise<Buffer | undefined>;
}
