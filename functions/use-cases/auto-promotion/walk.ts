import type { Deps } from '../deps.ts';
import type { Governing } from './governing.ts';

/** Where a scan stands: a page of tenants, a tenant on it and what governed it, one of its environments, a page of that one's heads. */
export type Position = {
  readonly tenants?: string | undefined;
  readonly tenant: string;
  readonly governed_by?: string | undefined;
  readonly environment: string;
  readonly heads?: string | undefined;
  /** Something of the tenant could not be evaluated: it is not done when the scan ends. */
  readonly faulty?: string | undefined;
};

/** One page of what is live where rules promote from. */
export type Batch = {
  readonly at: Position;
  readonly tenant: string;
  readonly deployments: readonly string[];
};

/** What a scan asks whoever evaluates. */
export type Scanner = {
  governing(tenant: string): Promise<Governing>;
  /** What governed a tenant when all that is live there was last evaluated. */
  evaluatedBy(tenant: string): Promise<string | undefined>;
  /** Every batch of a tenant was evaluated. */
  done(tenant: string, governed_by: string): Promise<void>;
  isFaulty(tenant: string): boolean;
  unreadable(tenant: string, error: unknown): void;
};

/** Items per page: the most the stores give. A run that does at least one page always gets on. */
const PAGE = 100;

/**
 * Every live deployment that an automatic rule may promote, of tenants whose rules or gateways have changed since that was last done,
 * in one fixed order: tenants, environments, heads. `from` continues there; what has been deleted since is passed over. A tenant that
 * cannot be read is told and passed over too.
 */
export async function* walk(
  deps: Pick<Deps, 'directory' | 'heads'>,
  from: Position | undefined,
  scanner: Scanner,
): AsyncGenerator<Batch, undefined> {
  let tenants = from?.tenants;
  do {
    const page = await deps.directory.tenants({ limit: PAGE, ...position(tenants) });
    for (const { id } of page.items) {
      if (from !== undefined && id < from.tenant) continue;
      try {
        yield* ofTenant(deps, { tenant: id, tenants, from: from?.tenant === id ? from : undefined, scanner });
      } catch (error) {
        scanner.unreadable(id, error);
      }
    }
    tenants = page.next;
  } while (tenants !== undefined);
}

async function* ofTenant(
  deps: Pick<Deps, 'heads'>,
  scan: { tenant: string; tenants: string | undefined; from: Position | undefined; scanner: Scanner },
): AsyncGenerator<Batch> {
  const { tenant, tenants, scanner } = scan;
  const { sources, digest } = await scanner.governing(tenant);
  if (sources.length === 0 || (await scanner.evaluatedBy(tenant)) === digest) return;
  // What was evaluated by other rules is evaluated again.
  const from = scan.from?.governed_by === digest ? scan.from : undefined;
  const faulty = () => from?.faulty !== undefined || scanner.isFaulty(tenant);
  for (const environment of sources) {
    if (from !== undefined && environment < from.environment) continue;
    let after = from?.environment === environment ? from.heads : undefined;
    do {
      const heads = await deps.heads.inEnvironment(tenant, environment, { limit: PAGE, ...position(after) });
      const deployments = heads.items.flatMap((head) => head.deployment_id ?? []);
      const mark = faulty() ? { faulty: 'yes' } : {};
      yield {
        at: { tenants, tenant, governed_by: digest, environment, heads: after, ...mark },
        tenant,
        deployments,
      };
      after = heads.next;
    } while (after !== undefined);
  }
  if (!faulty()) await scanner.done(tenant, digest);
}

function position(after: string | undefined): { readonly after?: string } {
  return after === undefined ? {} : { after };
}
