import { dynamoCursors } from '../../adapters/dynamodb/cursors.ts';
import { openTable } from '../../adapters/dynamodb/table.ts';
import { type EvaluateDeps, evaluateRules } from '../../use-cases/auto-promotion/evaluate.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { wireDriving } from '../wiring/wiring.ts';

/**
 * Deployments per run. Two table reads each where nothing is due, about 10 ms: a third of the function's 240 s, so that a run
 * ends before the next one starts and the rest is for the promotions it creates.
 */
const MOST = 8_000;

/** Evaluates every automatic rule on what is live: conditions on time, and hints that were lost. */
export function evaluateRulesHandler(wired: () => EvaluateDeps, log: Log, most = MOST): () => Promise<void> {
  let deps: EvaluateDeps | undefined;
  return async () => {
    log.about({});
    deps ??= wired();
    const { deployments, outcomes, faults, unfinished } = await evaluateRules(deps, { most });
    for (const outcome of outcomes) {
      if (outcome.result === 'created') log.info('auto_promotion', outcome);
    }
    for (const { about, error } of faults) log.error('not_evaluated', error, { about });
    log.info('rules_evaluated', { deployments, unfinished });
  };
}

export const handler = evaluateRulesHandler(() => {
  const environment = readEnvironment();
  return { ...wireDriving(environment), cursors: dynamoCursors(openTable(environment.tableName)) };
}, openLog());
