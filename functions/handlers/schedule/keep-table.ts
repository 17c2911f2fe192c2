import * as z from 'zod/mini';
import { systemClock } from '../../adapters/clock.ts';
import { dynamoFormatStore } from '../../adapters/dynamodb/format-store.ts';
import { dynamoStoredItems } from '../../adapters/dynamodb/stored-items.ts';
import { openTable } from '../../adapters/dynamodb/table.ts';
import { httpsEgress } from '../../adapters/egress/https.ts';
import { addDuration } from '../../domain/instant.ts';
import { MIGRATIONS } from '../../migrations/all.ts';
import type { Egress } from '../../ports/egress.ts';
import { isDue, type MigrateDeps, type Migrated, migrate } from '../../use-cases/migrate/migrate.ts';
import { type NumberDeps, type Numbered, numberTable } from '../../use-cases/migrate/number-table.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { callItself } from '../wiring/call-itself.ts';
import { collectGarbage } from './garbage.ts';
import { answerStack, StackEvent } from './stack-resource.ts';

export type KeepDeps = NumberDeps &
  MigrateDeps & {
    readonly egress: Egress;
    /** Calls this function again, asynchronously. */
    readonly later: (event: object) => Promise<void>;
  };

/** What a caller that waits is told. `done`: nothing is left to move; otherwise it asks again. */
type Kept = Numbered & Partial<Migrated>;

/** Of the function's 15 minutes. */
const FOR = 'PT13M';

/** How often a run says in its log how far it is. */
const EVERY = 'PT1M';

/** `true`: a run that the caller waits for, of so many seconds. `on`: one of many, each of which calls the next one, to the end. */
const Asked = z.object({
  migrate: z.union([z.literal(true), z.literal('on')]),
  seconds: z.exactOptional(z.int()),
  /** No other process has the table open. */
  alone: z.exactOptional(z.boolean()),
});
type Asked = z.infer<typeof Asked>;
const ON: Asked = { migrate: 'on' };

/**
 * Keeps the table in order. The stack asks it to judge and number the table before any other function has new code, and to begin with what
 * migrations move after all have it; each start of a local runtime asks for both and waits. Its schedule asks for both again, and for
 * collecting garbage.
 */
export function keepTableHandler(
  wired: () => KeepDeps,
  collect: (event: unknown) => Promise<void>,
  log: Log,
): (event: unknown) => Promise<Kept | undefined> {
  let deps: KeepDeps | undefined;
  return async (event) => {
    const [stack, asked] = [z.safeParse(StackEvent, event), z.safeParse(Asked, event)];
    log.about({});
    deps ??= wired();
    if (stack.success) {
      await answerStack(deps.egress, stack.data, await outcome(deps, stack.data, log), log);
    } else if (asked.success) {
      return await migrated(deps, asked.data, log);
    } else {
      await begun(deps, log);
      await collect(event);
    }
    return undefined;
  };
}

/** Does what the stack asks for; answers why the deployment must not go on. What is taken away is not judged: the table stays. */
async function outcome(deps: KeepDeps, event: StackEvent, log: Log): Promise<string | undefined> {
  if (event.RequestType === 'Delete') return undefined;
  const judge = event.ResourceProperties.part === MOVES ? begun : judged;
  return await judge(deps, log).then(whyNot, reasonOf(log));
}

/** The resource of the stack that comes after all functions; the other one comes before. */
const MOVES = 'moves';

async function judged(deps: KeepDeps, log: Log): Promise<Numbered> {
  const numbered = await numberTable(deps, addDuration(deps.clock.now(), FOR));
  log.info('table_judged', { ...numbered });
  return numbered;
}

/** Has what migrations move begun or gone on with, where something is left: by a call of its own, which nothing waits for. */
async function begun(deps: KeepDeps, log: Log): Promise<Numbered> {
  const numbered = await judged(deps, log);
  if (numbered.verdict === 'serve' && isDue(await deps.formats.read(), MIGRATIONS)) await deps.later(ON);
  return numbered;
}

async function migrated(deps: KeepDeps, asked: Asked, log: Log): Promise<Kept> {
  const now = deps.clock.now();
  const numbered = await judged(deps, log);
  if (numbered.verdict !== 'serve') return numbered;
  const until = asked.seconds === undefined ? addDuration(now, FOR) : addDuration(now, `PT${asked.seconds}S`);
  let said = now;
  const tell = (far: Migrated) => {
    if (deps.clock.now() < addDuration(said, EVERY)) return;
    said = deps.clock.now();
    log.info('table_migrating', { ...far });
  };
  const far = await migrate(deps, MIGRATIONS, { until, tell, alone: asked.alone === true });
  if (!far.done || far.moved > 0) log.info(far.done ? 'table_migrated' : 'table_migrating', { ...far });
  if (!far.done && asked.migrate === 'on') await deps.later(ON);
  return { ...numbered, ...far };
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
      later: callItself(),
    };
  },
  collectGarbage,
  openLog(),
);
