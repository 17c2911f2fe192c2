import type { PromotionRequest } from './state.ts';

/**
 * What a failed rollback asked for, asked again: `back` says anew where it goes back to now, and every other member is as it was said. A
 * member that requests get later is kept without a line here.
 */
export function askedAgain(failed: PromotionRequest, back: PromotionRequest): PromotionRequest {
  if (failed.kind !== back.kind) return back;
  const { rollback: _, ...said } = failed;
  return { ...said, ...back };
}
