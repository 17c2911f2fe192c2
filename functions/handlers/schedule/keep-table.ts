import * as z from 'zod/mini';
import { systemClock } from '../../adapters/clock.ts';
import { dynamoFormatStore } from '../../adapters/dynamodb/format-store.ts';
import { dynamoStoredItems } from '../../adapters/dynamodb/stored-items.ts';
import { openTable } from '../../adapters/dynamodb/table.ts';
import { httpsEgress } from '../../adapters/egress/https.ts';
import { addDuration } from '../../domain/instant.ts';
import { MIGRATIONS } from '../../migrations/all.ts';
import type { Egress } from '../../ports/egress.ts';
import { type MigrateDeps, type Migrated, migrate } from '../../use-cases/migrate/migrate.ts';
import { type NumberDeps, type Numbered, numberTable } from '../../use-cases/migrate/number-table.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { collectGarbage } from './garbage.ts';
import { answerStack, StackEvent } from './stack-resource.ts';

export type KeepDeps = NumberDeps & MigrateDeps & { readonly egress: Egress };

/** What a start of the local runtime is told. `done`: nothing is left to move; otherwise it asks again. */
type Kept = Numbered & Partial<Migrated>;

/** Of the function's 15 minutes: CloudFormation hears an answer in any case. */
const FOR = 'PT13M';

/** Of those that the schedule has: collecting takes eight minutes at most. */
const BEFORE = 'PT5M';

/** Asked by the first thing that a start of the local runtime does. */
const Asked = z.object({ migrate: z.literal(true) });

/**
 * Keeps the table in order. The stack asks it to judge and number the table before any other function has new code; so does each start of
 * a local runtime, which goes on to what migrations move; its schedule asks it for both, and to collect garbage.
 */
export function keepTableHandler(
  wired: () => KeepDeps,
  collect: (event: unknown) => Promise<void>,
  log: Log,
): (event: unknown) => Promise<Kept | undefined> {
  let deps: KeepDeps | undefined;
  return async (event) => {
    const stack = z.safeParse(StackEvent, event);
    log.about({});
    deps ??= wired();
    const { egress, ...rest } = deps;
    const now = rest.clock.now();
    const until = addDuration(now, FOR);
    if (!stack.success) {
      const asked = z.safeParse(Asked, event).success;
      const kept = await judged(rest, log, until);
      const moved =
        kept.verdict === 'serve' ? await migrated(rest, log, asked ? until : addDuration(now, BEFORE)) : {};
      if (asked) return { ...kept, ...moved };
      await collect(event);
      return undefined;
    }
    // What is taken away is not judged: the table stays.
    const gone = stack.data.RequestType === 'Delete';
    const failed = gone ? undefined : await judged(rest, log, until).then(whyNot, reasonOf(log));
    await answerStack(egress, stack.data, failed, log);
    return undefined;
  };
}

async function judged(deps: NumberDeps, log: Log, until: string): Promise<Numbered> {
  const numbered = await numberTable(deps, until);
  log.info('table_judged', { ...numbered });
  return numbered;
}

async function migrated(deps: MigrateDeps, log: Log, until: string): Promise<Migrated> {
  const done = await migrate(deps, MIGRATIONS, until);
  if (!done.done || done.moved > 0) log.info('table_migrated', { ...done });
  return done;
}

const whyNot = (numbered: Numbered): string | undefined =>
  numbered.verdict === 'refuse' ? numbered.why : undefined;

const reasonOf = (log: Log) => (error: unknown) => {
  log.error('table_not_judged', error);
  return error instanceof Error ? error.message : 'the table could not be judged';
};

export const handler = keepTableHandler(
  () => {
    const { tableName, allowLoopback } = readEnvironment();
    // Not watched: it is what numbers the table.
    const table = openTable(tableName);
    return {
      formats: dynamoFormatStore(table),
      items: dynamoStoredItems(table),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      clock: systemClock,
      egress: httpsEgress({ allowLoopback }),
    };
  },
  collectGarbage,
  openLog(),
);
