import type { Digest } from '../../domain/digest.ts';
import type { Deps } from '../deps.ts';
import { asksForEvidence } from './evidence-facts.ts';
import { automaticRules } from './judge.ts';
import { type AutoPromoteDeps, autoPromote, type Outcome } from './promote.ts';

/** Heads looked through in one environment for a digest: beyond them it is the evaluation every five minutes that finds it. */
const MOST = 500;
const PAGE = 100;

/**
 * Promotes what is live with a digest about which a report arrived, by every automatic rule that asks for evidence. Losing the hint, or
 * hearing it twice, changes nothing but when.
 */
export async function promoteOnEvidence(
  deps: AutoPromoteDeps,
  { tenant, digest }: { readonly tenant: string; readonly digest: Digest },
): Promise<readonly Outcome[]> {
  const rules = (await deps.catalog.all(tenant, 'rule')).filter(asksForEvidence);
  const outcomes: Outcome[] = [];
  for (const environment of new Set(rules.map(({ source_environment }) => source_environment))) {
    if (automaticRules(rules, environment).length === 0) continue;
    for (const deployment_id of await liveWith(deps, tenant, environment, digest)) {
      outcomes.push(...(await autoPromote(deps, { tenant, deployment_id, rules })));
    }
  }
  return outcomes;
}

async function liveWith(
  deps: Pick<Deps, 'heads'>,
  tenant: string,
  environment: string,
  digest: Digest,
): Promise<readonly string[]> {
  const found: string[] = [];
  let after: string | undefined;
  for (let seen = 0; seen < MOST; seen += PAGE) {
    const page = await deps.heads.inEnvironment(tenant, environment, {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    for (const head of page.items) {
      if (head.digest === digest && head.deployment_id !== undefined) found.push(head.deployment_id);
    }
    after = page.next;
    if (after === undefined) break;
  }
  return found;
}
