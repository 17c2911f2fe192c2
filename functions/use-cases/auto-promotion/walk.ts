import type { Rule } from '../../domain/catalog/rule.ts';
import type { Deps } from '../deps.ts';
import { automaticRules } from './judge.ts';

/** Where a scan stands: a page of tenants, a tenant on it, one of its environments, a page of that one's heads. */
export type Position = {
  readonly tenants?: string | undefined;
  readonly tenant: string;
  readonly environment: string;
  readonly heads?: string | undefined;
};

/** One page of what is live where rules promote from. */
export type Batch = {
  readonly at: Position;
  readonly tenant: string;
  readonly rules: readonly Rule[];
  readonly deployments: readonly string[];
};

/** Items per page: the most the stores give. A run that does at least one page always gets on. */
const PAGE = 100;

/**
 * Every live deployment that an automatic rule may promote, in one fixed order: tenants, environments, heads.
 * `from` continues there; what has been deleted since is passed over. A tenant that cannot be read is told and passed over too.
 */
export async function* walk(
  deps: Pick<Deps, 'directory' | 'catalog' | 'heads'>,
  from: Position | undefined,
  unreadable: (tenant: string, error: unknown) => void,
): AsyncGenerator<Batch> {
  let tenants = from?.tenants;
  do {
    const page = await deps.directory.tenants({ limit: PAGE, ...position(tenants) });
    for (const { id } of page.items) {
      if (from !== undefined && id < from.tenant) continue;
      try {
        yield* ofTenant(deps, id, tenants, from?.tenant === id ? from : undefined);
      } catch (error) {
        unreadable(id, error);
      }
    }
    tenants = page.next;
  } while (tenants !== undefined);
}

async function* ofTenant(
  deps: Pick<Deps, 'catalog' | 'heads'>,
  tenant: string,
  tenants: string | undefined,
  from: Position | undefined,
): AsyncGenerator<Batch> {
  const rules = await deps.catalog.all(tenant, 'rule');
  const sources = new Set(rules.map((rule) => rule.source_environment));
  for (const environment of [...sources].sort()) {
    if (automaticRules(rules, environment).length === 0) continue;
    if (from !== undefined && environment < from.environment) continue;
    let after = from?.environment === environment ? from.heads : undefined;
    do {
      const heads = await deps.heads.inEnvironment(tenant, environment, { limit: PAGE, ...position(after) });
      const deployments = heads.items.flatMap((head) => head.deployment_id ?? []);
      yield { at: { tenants, tenant, environment, heads: after }, tenant, rules, deployments };
      after = heads.next;
    } while (after !== undefined);
  }
}

function position(after: string | undefined): { readonly after?: string } {
  return after === undefined ? {} : { after };
}
