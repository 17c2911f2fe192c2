import type { Plan } from '../../domain/promotion/manifest.ts';
import type { Head, Slot } from '../../domain/subject.ts';
import type { Deps } from '../deps.ts';

/** The head of a plan's target. `sure` ends well unless it is missing although its revisions exist (the fault `Corrupt`). */
export type TargetHead = { readonly there: Head | undefined; readonly sure: Promise<void> };

/**
 * Reads the head of a plan's target. Where there is none, the plan goes on while `sure` is found out, and waits for it at last. What was
 * sealed on an empty target was looked at then, and a first revision that is there keeps it from executing.
 */
export async function targetHead(
  { heads }: Pick<Deps, 'heads'>,
  tenant: string,
  slot: Slot,
  sealed: Plan | undefined,
): Promise<TargetHead> {
  const there = await heads.find(tenant, slot);
  const looks = there === undefined && sealed?.base.digest !== null;
  const sure = looks ? heads.assertNeverWritten(tenant, slot) : Promise.resolve();
  sure.catch(() => undefined);
  return { there, sure };
}
