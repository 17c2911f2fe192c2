/** Where time and ids come from: read once per invocation, at the edge. */
export interface Clock {
  /** RFC 3339 in UTC with milliseconds. */
  now(): string;
}

export interface Ids {
  /** A new id: `<prefix>-` and 26 characters that sort by time, in the id grammar `[A-Za-z0-9._-]{1,128}`. */
  next(prefix: string): string;
}
