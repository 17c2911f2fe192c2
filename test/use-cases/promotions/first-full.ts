import type { Entry } from '../../../functions/domain/config-tree/entry.ts';
import { editConfig } from '../../../functions/use-cases/config/edit.ts';
import type { Deps } from '../../../functions/use-cases/deps.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { person, TENANT, type World } from '../deployments/world.ts';
import { DEV } from './people.ts';
import { asked, sure } from './stage.ts';

const EDITOR = person('editor', 'developer', 'admin');
const AT_ONCE = 10_000;

/** Sets so many entries in development. */
export async function standEntries({ deps }: World, entries: readonly Entry[]): Promise<void> {
  for (let from = 0; from < entries.length; from += AT_ONCE) {
    const edits = { put: entries.slice(from, from + AT_ONCE), remove: [] };
    sure(await editConfig(deps, { principal: EDITOR, environment: 'development', edits }));
  }
}

/** Requests all that development has for staging, which has nothing; answers what executes it, in a process that has read nothing yet. */
export async function requestFull({ deps }: World): Promise<(fresh: Deps) => Promise<unknown>> {
  const request = {
    kind: 'config',
    selects: 'FULL',
    config_ids: [],
    flag_ids: [],
    key_patterns: [],
    prune: false,
    source_environment: 'development',
    target_environment: 'staging',
  } as const;
  const { id } = sure(await createPromotion(deps, { ...asked(), request })).state;
  return async (fresh) => {
    sure(await executePromotion(fresh, { principal: DEV, id }));
    const { status } = await execute(fresh, { tenant: TENANT, id });
    if (status !== 'completed') throw new Error(`it is ${status}`);
  };
}
