import type { ConditionFacts } from '../../domain/conditions/condition.ts';

/** What was signed, and by whom, once it is sure. `signer` is part of the reading. */
export type Signed = {
  readonly bytes: Buffer;
  readonly form: 'simple' | 'statement' | 'blob';
  readonly signer: ConditionFacts;
};
