import * as z from 'zod/mini';
import { systemClock } from '../../adapters/clock.ts';
import { dynamoFormatStore } from '../../adapters/dynamodb/format-store.ts';
import { openTable } from '../../adapters/dynamodb/table.ts';
import { httpsEgress } from '../../adapters/egress/https.ts';
import { addDuration } from '../../domain/instant.ts';
import type { Egress } from '../../ports/egress.ts';
import { type NumberDeps, type Numbered, numberTable } from '../../use-cases/migrate/number-table.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { handler as collectGarbage } from './garbage.ts';
import { answerStack, StackEvent } from './stack-resource.ts';

export type KeepDeps = NumberDeps & { readonly egress: Egress };

/** Of the function's 15 minutes: CloudFormation hears an answer in any case. */
const FOR = 'PT13M';

/** Asked by the first thing that a start of the local runtime does. */
const Asked = z.object({ migrate: z.literal(true) });

/**
 * Keeps the table in order. The stack asks it to judge and number the table before any other function has new code; so does each start of
 * a local runtime; its schedule asks it to collect garbage.
 */
export function keepTableHandler(
  wired: () => KeepDeps,
  collect: (event: unknown) => Promise<void>,
  log: Log,
): (event: unknown) => Promise<Numbered | undefined> {
  let deps: KeepDeps | undefined;
  return async (event) => {
    const stack = z.safeParse(StackEvent, event);
    if (!stack.success && !z.safeParse(Asked, event).success) {
      await collect(event);
      return undefined;
    }
    log.about({});
    deps ??= wired();
    const { egress, ...rest } = deps;
    const until = addDuration(rest.clock.now(), FOR);
    if (!stack.success) return judged(rest, log, until);
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
    return {
      formats: dynamoFormatStore(openTable(tableName)),
      clock: systemClock,
      egress: httpsEgress({ allowLoopback }),
    };
  },
  collectGarbage,
  openLog(),
);
