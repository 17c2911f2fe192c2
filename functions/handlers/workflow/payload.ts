import * as z from 'zod/mini';
import type { PromotionRef, TaskToken } from '../../ports/promotion-store.ts';
import type { Next } from '../../ports/workflow.ts';

const text = z.string().check(z.minLength(1));

/** What every Task state is given: whose promotion, and the name of the execution, `<promotion>-<attempt>`. */
export const StepPayload = z.object({
  tenantId: text,
  promotionId: text,
  execution: z.string().check(z.regex(/-\d{1,9}$/)),
});
export type StepPayload = z.infer<typeof StepPayload>;

/** What a state that waits for its token is given besides. */
export const TokenPayload = z.extend(StepPayload, {
  token: text,
  entered_time: text,
  retry_count: z.int().check(z.nonnegative()),
});
export type TokenPayload = z.infer<typeof TokenPayload>;

/** What Await is given besides: the version that Assess last saw. An execution that began before Assess said it has none. */
export const AwaitPayload = z.extend(TokenPayload, { seen: z.exactOptional(z.int()) });

export function refOf({ tenantId, promotionId }: StepPayload): PromotionRef {
  return { tenant: tenantId, id: promotionId };
}

/** The token as it is stored; the attempt is the end of the execution's name. */
export function tokenOf(payload: TokenPayload, state: TaskToken['state']): TaskToken {
  const { token, entered_time, retry_count, execution } = payload;
  const attempt = Number(execution.slice(execution.lastIndexOf('-') + 1));
  return { token, attempt, entered_time, retry_count, state };
}

/** What the state machine hands from state to state: `next` is a hint for Route. */
export type StepResult = { readonly tenantId: string; readonly promotionId: string; readonly next: Next };

export function resultOf({ tenantId, promotionId }: StepPayload, next: Next): StepResult {
  return { tenantId, promotionId, next };
}
