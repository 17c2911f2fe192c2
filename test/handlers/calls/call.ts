import type { Action } from '../../../functions/domain/identity/roles.ts';
import type { Furniture } from '../furniture.ts';

/** What an operation is given, and whom it is for. */
export type Call = {
  readonly body?: unknown;
  /** In place of `body`: one that names what stands there. */
  readonly bodyOf?: (there: Furniture) => unknown;
  readonly query?: string;
  /** The action whose roles it takes. */
  readonly action: Action | 'anyone' | 'none';
};

/** Good calls by operation. */
export type Calls = { readonly [operation: string]: Call };
