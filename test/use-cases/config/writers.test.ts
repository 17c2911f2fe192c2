import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { treeKey } from '../../../functions/domain/config-tree/tree-key.ts';
import { revisionDigest } from '../../../functions/domain/promotion/head.ts';
import { writeConfig } from '../../../functions/use-cases/config/edit.ts';
import { entriesAt } from '../../../functions/use-cases/config/read.ts';
import { slotIn } from '../../../functions/use-cases/config/slot.ts';
import { headOf, nodesOf, rootOf } from '../../../functions/use-cases/config/tree.ts';
import { configStage, granted, plant, point, type Stage, TENANT } from '../../bench/config-stage.ts';
import { skipWithoutEngine } from '../../support/engine.ts';

const WRITERS = 32;
const ENVIRONMENT = 'development';

describe.skipIf(skipWithoutEngine())('32 writers at once of one environment on the table', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await configStage();
    await point(stage.deps, ENVIRONMENT, await plant(stage.deps, 1_000, 0));
  });
  afterAll(() => stage.stop());

  it('lose nothing: each edit is one revision of its own writer, in one unbroken chain', async () => {
    // Time stands still: on a slow machine the last of them waits longer than a caller of the API would.
    const now = stage.deps.clock.now();
    const deps = { ...stage.deps, clock: { now: () => now } };
    const done = await Promise.all(
      Array.from({ length: WRITERS }, async (_, n) =>
        granted(
          await writeConfig(deps, {
            tenant: TENANT,
            environment: ENVIRONMENT,
            actor: { subject: `writer-${n}`, email: '', kind: 'person' },
            edits: { put: [{ kind: 'config', key: `written.${n}`, value: n }], remove: [] },
            check: () => undefined,
          }),
        ),
      ),
    );
    expect(new Set(done.map(({ revision }) => revision)).size).toBe(WRITERS);
    const { items } = await deps.heads.revisions(TENANT, slotIn(ENVIRONMENT), { limit: 100 });
    const edits = items.slice(0, WRITERS);
    expect(edits.map(({ actor }) => actor.subject).sort()).toEqual(
      Array.from({ length: WRITERS }, (_, n) => `writer-${n}`).sort(),
    );
    for (const [at, { prev }] of edits.entries()) {
      const before = items[at + 1];
      expect(prev).toBe(before === undefined ? null : revisionDigest(before));
    }
    const head = await headOf(deps, TENANT, ENVIRONMENT, deps.clock.now());
    expect(head.chain).toBe(edits[0] && revisionDigest(edits[0]));
    const places = Array.from({ length: WRITERS }, (_, n) => treeKey('config', `written.${n}`));
    const entries = await entriesAt(nodesOf(deps, TENANT), rootOf(head), places);
    expect(entries.map((entry) => 'value' in entry && entry.key === `written.${entry.value}`)).toEqual(
      places.map(() => true),
    );
  });
});
