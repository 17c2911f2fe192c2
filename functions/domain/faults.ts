/**
 * The closed set of fault names. State machines name the same ones in `ErrorEquals`, and a test compares the two sets.
 * A refusal is not here: it is a value.
 */
export const FAULTS = {
  /** The store or a service could not answer now; the same call may succeed later. */
  Unavailable: { retry: true },
  /** Told to slow down; the same call may succeed later. */
  Throttled: { retry: true },
  /** The table has a format that this code does not read, or none yet; the same call succeeds with the right release. */
  FormatUnsupported: { retry: true },
  /** A migration runs during which nothing else is written; the same call succeeds once it is done. */
  ReadOnly: { retry: true },
  /** The sealed manifest no longer describes what would happen: assess again. */
  SealBroken: { retry: false },
  /** The head is no longer what the plan saw: assess again. */
  TargetMoved: { retry: false },
  /** More is to be done than one call has time for: the same step goes on. */
  Unfinished: { retry: false },
  /** What is stored contradicts itself. */
  Corrupt: { retry: false },
} as const satisfies Record<string, { retry: boolean }>;

export type FaultName = keyof typeof FAULTS;

/** Something broke. `name` is one of `FAULTS`, so that workflow definitions can catch it by name. */
export class Fault extends Error {
  override readonly name: FaultName;

  constructor(name: FaultName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}
