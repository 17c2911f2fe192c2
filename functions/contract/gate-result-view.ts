import * as z from 'zod/mini';
import { GATE_STATUSES } from '../domain/gates/gate.ts';

/** What one gate said about a promotion. */
export const GateResultView = z.strictObject({
  name: z.string(),
  required: z.boolean(),
  mode: z.enum(['block', 'warn']),
  status: z.enum(GATE_STATUSES),
  reason_code: z.string(),
  evidence: z.array(z.string()),
});
