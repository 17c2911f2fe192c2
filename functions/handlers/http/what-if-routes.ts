import { whatIfPolicy } from '../../contract/approval-policies.ts';
import { whatIfEnvironment } from '../../contract/environments.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import { digest } from '../../domain/digest.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { checkedPolicy } from '../../use-cases/catalog/approval-policy-fields.ts';
import { gateSettings } from '../../use-cases/catalog/gate-settings.ts';
import { type Changed, type WhatIf, type WhatIfDeps, whatIf } from '../../use-cases/what-if/what-if.ts';
import type { CursorDeps } from './cursor.ts';
import { type Answer, ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** What another policy or environment would have made of recorded decisions. */
export const whatIfRoutes: readonly Route<WhatIfDeps & CursorDeps>[] = [
  route(whatIfPolicy, async ({ principal, body, now, page, paged }, deps) => {
    const { replaces, ...fields } = body;
    const filter = { asked: digest('sluice/content/v1', body) };
    const asked = await page(deps, filter);
    if ('refused' in asked) return asked;
    const found = await whatIf(deps, {
      principal,
      page: asked,
      change({ environments, rules, policies }) {
        const checked = checkedPolicy(environments, fields);
        if (isRefusal(checked)) return checked;
        if (replaces !== undefined && !policies.some(({ id }) => id === replaces)) {
          return refuse('not_found', `there is no approval policy ${replaces}`, { field: 'replaces' });
        }
        const stamp = { id: replaces ?? 'what-if', version: 1, created_at: now, updated_at: now };
        const others = policies.filter(({ id }) => id !== replaces);
        return { environments, rules, policies: [...others, { ...checked, ...stamp }] };
      },
    });
    return answerOf(found, (changed) => paged(deps, changed, view, filter));
  }),
  route(whatIfEnvironment, async ({ principal, param, body, page, paged }, deps) => {
    const environments = await deps.catalog.all(principal.tenant, 'environment');
    const named = findEnvironment(environments, param('environment'));
    const filter = { environment: named?.name, asked: digest('sluice/content/v1', body) };
    const asked = await page(deps, filter);
    if ('refused' in asked) return asked;
    const { gates, ...said } = body;
    const settings = gates === undefined ? named?.gates : gateSettings(gates);
    if (settings !== undefined && 'refused' in settings) return settings;
    const found = await whatIf(deps, {
      principal,
      page: asked,
      ...(named === undefined ? {} : { target_environment: named.name }),
      change(now) {
        if (named === undefined)
          return refuse('not_found', `there is no environment ${param('environment')}`);
        const other = { ...named, ...said, gates: settings ?? [] };
        return {
          ...now,
          environments: now.environments.map((one) => (one.name === named.name ? other : one)),
        };
      },
    });
    return answerOf(found, (changed) => paged(deps, changed, view, filter));
  }),
];

async function answerOf(
  found: WhatIf | Refusal,
  paged: (changed: WhatIf['changed']) => Promise<Answer>,
): Promise<Answer | Refusal> {
  if (isRefusal(found)) return found;
  const { changed, ...counted } = found;
  const { body } = await paged(changed);
  return ok({ ...counted, ...(typeof body === 'object' ? body : {}) });
}

const view = ({ promotion, executed_at, outcome, reason_codes }: Changed) => ({
  promotion_id: promotion.id,
  ...promotion.subject,
  source_environment: promotion.source_environment,
  target_environment: promotion.target_environment,
  executed_at,
  outcome,
  reason_codes: [...reason_codes],
});
