import { entryOfTreeKey, treeKey } from '../../functions/domain/config-tree/tree-key.ts';
import { type Edited, writeConfig } from '../../functions/use-cases/config/edit.ts';
import { entriesAt } from '../../functions/use-cases/config/read.ts';
import { headOf, nodesOf, rootOf } from '../../functions/use-cases/config/tree.ts';
import { reset } from '../support/metered.ts';
import { type Commit, granted, PERSON, plant, point, type Stage, TENANT } from './config-stage.ts';
import { benchKey } from './config-tree-data.ts';
import { printTable } from './print.ts';

const WRITERS = 32;
const ENVIRONMENT = 'development';
/** Write units of the commit of an edit: head, revision and a check of the environment, twice one KB each. */
const COMMIT = 6;
/** What folding would add to an edit: the item in which it waits, put once and settled in the commit of whoever takes it. */
const WAITING = 1 + 2;

/**
 * Edits on the engine: one alone; 32 writers at once of one key each, none of which may be lost; and for comparison the same 32 keys as one
 * batch, the best that folding them together could come to. A lost commit is counted with what DynamoDB bills for it, which the engine does not.
 */
export async function benchWriters(stage: Stage, sizes: readonly number[]): Promise<void> {
  const rows: (string | number)[][] = [
    [
      'keys',
      'one edit WRU',
      'its nodes WRU',
      'RRU',
      `${WRITERS} writers: lost`,
      'tries an edit',
      'WRU an edit',
      'RRU an edit',
      'ms in all',
      'folded WRU an edit',
    ],
  ];
  for (const keys of sizes) {
    await point(stage.deps, ENVIRONMENT, await plant(stage.deps, keys, 0));
    const names = Array.from({ length: WRITERS }, (_, n) => nameOf(Math.floor((n * keys) / WRITERS)));
    const [first = ''] = names;
    const alone = await used(stage, () => write(stage, [first], 'alone'));
    const together = await used(stage, () =>
      Promise.all(names.map((name) => write(stage, [name], 'together'))),
    );
    const lost = WRITERS - (await holding(stage, names, 'together'));
    const folded = await used(stage, () => write(stage, names, 'folded'));
    rows.push([
      keys,
      alone.write,
      alone.write - COMMIT,
      alone.read,
      lost,
      together.commits.length / WRITERS,
      (together.write + COMMIT * (together.commits.length - WRITERS)) / WRITERS,
      together.read / WRITERS,
      together.milliseconds,
      folded.write / WRITERS + WAITING,
    ]);
  }
  printTable(`Edits on the engine; goals: nodes of one edit 4 / 8 / 10 WRU, tries 1.5, WRU an edit 15`, rows);
}

const nameOf = (i: number) => entryOfTreeKey(benchKey(i)).key;

async function write({ deps }: Stage, keys: readonly string[], value: string): Promise<Edited> {
  const answer = await writeConfig(deps, {
    tenant: TENANT,
    environment: ENVIRONMENT,
    actor: PERSON,
    edits: { put: keys.map((key) => ({ kind: 'config', key, value })), remove: [] },
    check: () => undefined,
  });
  return granted(answer);
}

/** How many of the keys hold a value. */
async function holding({ deps }: Stage, keys: readonly string[], value: string): Promise<number> {
  const head = await headOf(deps, TENANT, ENVIRONMENT, deps.clock.now());
  const places = keys.map((key) => treeKey('config', key));
  const entries = await entriesAt(nodesOf(deps, TENANT), rootOf(head), places);
  return entries.filter((entry) => 'value' in entry && entry.value === value).length;
}

async function used({ used: meter, commits }: Stage, act: () => Promise<unknown>) {
  reset(meter);
  commits.length = 0;
  const begun = performance.now();
  await act();
  const made: readonly Commit[] = [...commits];
  return {
    write: meter.writeUnits,
    read: meter.readUnits,
    commits: made,
    milliseconds: performance.now() - begun,
  };
}
