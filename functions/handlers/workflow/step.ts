import type * as z from 'zod/mini';
import type { Log } from '../lambda.ts';
import type { StepPayload } from './payload.ts';

/**
 * One Task state as a Lambda handler: parses what the state machine sends, wires on the first call, and lets every error through
 * under its own name, which is what the state machine retries and catches by.
 */
export function stepHandler<P extends StepPayload, D, R>(
  payload: z.ZodMiniType<P>,
  wired: () => D,
  log: Log,
  run: (deps: D, payload: P) => Promise<R>,
): (event: unknown) => Promise<R> {
  let deps: D | undefined;
  return async (event) => {
    const parsed = payload.parse(event);
    const { tenantId, promotionId, execution } = parsed;
    log.about({ tenant: tenantId, promotion: promotionId, execution });
    deps ??= wired();
    try {
      return await run(deps, parsed);
    } catch (error) {
      log.error('step_failed', error);
      throw error;
    }
  };
}
