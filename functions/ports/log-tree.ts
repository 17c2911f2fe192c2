import type { LogEntry } from '../domain/transparency-log/entry.ts';

/** The log of a tenant: what is signed and can be read, and the entries that come next, once their order is decided. */
export type LogHead = {
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** The newest checkpoint, a signed note, and the key that signed it (SPKI, PEM); absent before the first. */
  readonly signed?: { readonly checkpoint: string; readonly public_key: string };
  readonly batch?: readonly LogEntry[];
  /** By the name of each witness, the size that it has cosigned. */
  readonly cosigned?: { readonly [witness: string]: number };
  /** When its newest batch was signed; absent where version 0.1.0 signed it. */
  readonly fed_at?: string;
};

/** The newest entry of a chain that has a place in the log. */
export type LogPlace = { readonly seq: number; readonly index: number };

/** Reads and moves the heads of logs, strongly consistent. */
export interface LogTree {
  read(tenant: string): Promise<{ readonly head: LogHead; readonly version: number } | undefined>;
  /** Replaces the head that has this version (0: there is none); says whether it did. */
  swap(tenant: string, version: number, head: LogHead): Promise<boolean>;
  place(tenant: string, chain: string): Promise<LogPlace | undefined>;
  /** Notes the place of a chain's newest entry; never an older one than stands there. */
  keep(tenant: string, chain: string, place: LogPlace): Promise<void>;
}
