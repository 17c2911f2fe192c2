import type { Principal } from '../../domain/identity/principal.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { readDeployment } from '../deployments/read.ts';
import type { Deps } from '../deps.ts';
import { automaticRules, type JudgeDeps, judge, type Verdict } from './judge.ts';

/** What auto-promotion would do with a deployment: the rule that decides (if any rule applies) and what every rule says. */
export type Check = {
  readonly should_promote: boolean;
  readonly decisive: Verdict | undefined;
  readonly verdicts: readonly Verdict[];
};

/** Checks a deployment against every automatic rule of its environment, without effect. Refuses `not_found`. */
export async function checkAutoPromotion(
  deps: JudgeDeps & Pick<Deps, 'clock'>,
  input: { readonly principal: Principal; readonly deployment_id: string },
): Promise<Check | Refusal> {
  const now = deps.clock.now();
  const { tenant } = input.principal;
  const deployment = await readDeployment(deps, { principal: input.principal, id: input.deployment_id });
  if (isRefusal(deployment)) return deployment;
  const rules = automaticRules(await deps.catalog.all(tenant, 'rule'), deployment.environment);
  const verdicts: Verdict[] = [];
  for (const rule of rules) verdicts.push(await judge(deps, { tenant, rule, deployment, now }));
  const decisive = verdicts.find(promotes) ?? verdicts[0];
  return { should_promote: decisive !== undefined && promotes(decisive), decisive, verdicts };
}

function promotes({ reason }: Verdict): boolean {
  return reason === 'conditions_met';
}
