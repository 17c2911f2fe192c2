import type { RollUp, RollUpScope, Span } from '../domain/deployment/roll-up.ts';

/** Reads the daily sums of deployments; written by `Transactions`. */
export interface RollUps {
  /** Strongly consistent. */
  read(tenant: string, scope: RollUpScope, day: string): Promise<RollUp | undefined>;
  /** Those of a span of days that have any, oldest first; read a moment late. */
  span(tenant: string, scope: RollUpScope, span: Span): Promise<readonly RollUp[]>;
}
