import type { Action } from '../../../functions/domain/identity/roles.ts';

/** What an operation is given, and whom it is for. */
export type Call = {
  readonly body?: unknown;
  readonly query?: string;
  /** The action whose roles it takes. */
  readonly action: Action | 'anyone' | 'none';
};

/** Good calls by operation. */
export type Calls = { readonly [operation: string]: Call };
