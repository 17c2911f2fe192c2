import * as contract from '../../contract/flag-explanations.ts';
import { explainFlag } from '../../domain/flags/explain-flag.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { type ReadDeps, type ReadEntry, readEntry } from '../../use-cases/config/read.ts';
import { entryOf } from './config-views.ts';
import { ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** Dry runs of flags. */
export const flagExplanationRoutes: readonly Route<ReadDeps>[] = [
  route(contract.explainFlag, async ({ principal, param, body }, deps) => {
    const [environment, key] = [param('env'), param('key')];
    const found = await readEntry(deps, { principal, environment, kind: 'flag', key });
    if (isRefusal(found)) return found;
    const { at, entry: stored } = found;
    const { context = {}, flag: changed } = body;
    const flag: ReadEntry = changed === undefined ? stored : entryOf({ kind: 'flag', key, ...changed });
    if (flag.kind !== 'flag') return refuse('not_found', `there is no flag ${key} in ${at.environment}`);
    const { sensitive, ...open } = flag;
    if (sensitive === 'masked') return ok({ ...at, key, ...WITHHELD });
    const { evaluated, why, rules } = explainFlag(open, context);
    const served = evaluated.outcome === 'served' ? evaluated : undefined;
    return ok({
      ...{ ...at, key, outcome: evaluated.outcome, why },
      reason: served?.reason ?? null,
      variant: served?.variant ?? null,
      ...(served === undefined ? {} : { value: served.value }),
      rules: rules.map(({ name = null, ...rule }) => ({ name, ...rule })),
    });
  }),
];

const WITHHELD = {
  ...{ outcome: 'withheld', why: 'the flag is sensitive: read it as a machine', reason: null },
  ...{ variant: null, rules: [] },
} as const;
