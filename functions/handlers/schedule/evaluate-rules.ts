import { dynamoEvaluations } from '../../adapters/dynamodb/evaluations.ts';
import { evaluateRules } from '../../use-cases/auto-promotion/evaluate.ts';
import type { EvaluateDeps } from '../../use-cases/auto-promotion/evaluation-run.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { openWatchedTable } from '../wiring/open-table.ts';
import { wireDriving } from '../wiring/wiring.ts';

/**
 * Deployments per run of what is due, and of what a changed rule asks about. The first take six rounds of some 5 ms each, the others
 * three: two thirds of the function's 240 s, so that a run ends before the next one starts.
 */
const MOST = 3_500;

/** Asks every automatic rule about what may have another answer now: conditions on time, changed rules, and hints that were lost. */
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
  const table = openWatchedTable(environment.tableName);
  return { ...wireDriving(environment), evaluations: dynamoEvaluations(table) };
}, openLog());
