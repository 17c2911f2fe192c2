import type { Deps } from '../deps.ts';
import { type Collected, collectGarbage, type GarbageDeps } from './collect-garbage.ts';

export type ScanDeps = GarbageDeps & Pick<Deps, 'directory' | 'cursors'>;

/** Where the scan stopped when its time ran out. */
const SCAN = 'config-garbage';

export type Walked = {
  readonly tenants: readonly ({ readonly tenant: string } & Collected)[];
  readonly faults: readonly { readonly tenant: string; readonly error: unknown }[];
  readonly unfinished: boolean;
};

/**
 * Collects the garbage of one tenant after the other, from where the last run stopped, and begins none after `milliseconds`. What cannot be
 * read in one tenant stops no other; nothing of it is removed. One that outlives the function is passed over by the next run.
 */
export async function scanGarbage(
  deps: ScanDeps,
  { milliseconds }: { readonly milliseconds: number },
): Promise<Walked> {
  const end = Date.parse(deps.clock.now()) + milliseconds;
  const tenants: ({ tenant: string } & Collected)[] = [];
  const faults: { tenant: string; error: unknown }[] = [];
  let after = await deps.cursors.read(SCAN);
  for (;;) {
    const page = await deps.directory.tenants({ limit: 100, ...(after === undefined ? {} : { after }) });
    for (const { id: tenant } of page.items) {
      if (Date.parse(deps.clock.now()) >= end) {
        await deps.cursors.write(SCAN, after);
        return { tenants, faults, unfinished: true };
      }
      await deps.cursors.write(SCAN, tenant);
      try {
        tenants.push({ tenant, ...(await collectGarbage(deps, tenant)) });
      } catch (error) {
        faults.push({ tenant, error });
      }
      after = tenant;
    }
    if (page.next === undefined) break;
    after = page.next;
  }
  await deps.cursors.write(SCAN, undefined);
  return { tenants, faults, unfinished: false };
}
