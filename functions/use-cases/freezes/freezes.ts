import { freezeAuthority } from '../../domain/authority/freeze.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import {
  concerning,
  EVERYWHERE,
  type Freeze,
  type FreezeFields,
  freeze as noun,
} from '../../domain/freeze/freeze.ts';
import { type Frozen, frozenAt } from '../../domain/freeze/frozen-at.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { toInstant } from '../../domain/instant.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Write } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import { type Beside, type Description, inCatalog, raised } from '../catalog/description.ts';
import { serializePipeline } from '../catalog/serialize-pipeline.ts';
import type { Deps } from '../deps.ts';
import { checkedFreeze } from './fields.ts';

const stored = inCatalog('freeze', (item) => ({ type: 'freeze', item }));

/** Freezes of a scope: an environment, or `*`. Writing one raises the guards in it: what is being executed there decides again. */
export const freezes: Description<Freeze, FreezeFields> = {
  type: 'freeze',
  words: 'freeze',
  actions: { read: 'read', write: 'freeze' },
  limit: 200,
  storage: {
    ...stored,
    async read(deps, tenant, ref) {
      const [freeze, all] = await Promise.all([
        stored.read(deps, tenant, ref),
        deps.catalog.all(tenant, 'environment'),
      ]);
      const scope = ref.scope ?? EVERYWHERE;
      const name = scope === EVERYWHERE ? scope : findEnvironment(all, scope)?.name;
      return freeze?.environment === name ? freeze : undefined;
    },
  },
  prefix: 'frz',
  idOf: ({ id }) => id,
  scope: (before, after) => [before, after].flatMap((one) => (one === undefined ? [] : [one.environment])),
  asked: ({ scope = EVERYWHERE }) => [scope],
  make({ principal, environments, fields, ref, stored: freeze, stamp }) {
    // A zone goes with a recurrence: taken away, it takes the zone along.
    const { timezone, ...once } = fields;
    const ended = fields.rrule === undefined && freeze?.rrule !== undefined && timezone === freeze.timezone;
    const checked = checkedFreeze(ended ? once : fields);
    if (isRefusal(checked)) return checked;
    const { id, scope = EVERYWHERE } = ref;
    const environment = findEnvironment(environments, scope)?.name ?? EVERYWHERE;
    const created_by = freeze?.created_by ?? principal.subject;
    return { ...checked, id, environment, created_by, ...stamp };
  },
  beside: touched,
  alone: true,
  authority: freezeAuthority,
  recorded: noun.recorded,
  reasonOf: ({ reason }) => reason,
};

/**
 * The guards of a scope; one of everything takes a turn in the pipeline too, for an environment that is just being created. A freeze that
 * is changed or lifted may open its scope, and so does another window in which executions are allowed.
 */
function touched({ environments, before, after }: Beside<Freeze>): readonly Write[] {
  const freeze = after ?? before;
  if (freeze === undefined) return [];
  const { environment } = freeze;
  const opens = before !== undefined || freeze.mode === 'allow';
  const everywhere = environment === EVERYWHERE;
  const names = everywhere ? environments.map(({ name }) => name) : [environment];
  return [
    ...(everywhere ? serializePipeline(environments, '') : []),
    ...raised(environments, names),
    ...(opens ? [{ write: 'opened', environment } as const] : []),
  ];
}

/**
 * The freezes that concern a scope, and what they say of an instant; absent: of now. Refuses `not_authorized`, `unknown_environment`,
 * `invalid_request`.
 */
export async function listFreezes(
  deps: Pick<Deps, 'catalog' | 'denials' | 'clock'>,
  {
    principal,
    scope,
    at: given,
  }: { readonly principal: Principal; readonly scope: string; readonly at?: string },
): Promise<{ readonly freezes: readonly Freeze[]; readonly at: string; readonly judged: Frozen } | Refusal> {
  const unread = await authorize(deps, principal, 'read');
  if (unread !== undefined) return unread;
  const { tenant } = principal;
  const environment =
    scope === EVERYWHERE ? undefined : findEnvironment(await deps.catalog.all(tenant, 'environment'), scope);
  if (scope !== EVERYWHERE && environment === undefined) {
    return refuse('unknown_environment', `there is no environment ${scope}`, { name: scope });
  }
  const refusal = await authorize(deps, principal, 'read', environment?.name);
  if (refusal !== undefined) return refusal;
  const at = given === undefined ? deps.clock.now() : toInstant(given);
  if (at === undefined) return refuse('invalid_request', 'at must be an instant', { field: 'at' });
  const all = concerning(await deps.catalog.all(tenant, 'freeze'), environment?.name ?? EVERYWHERE);
  return { freezes: all, at, judged: frozenAt(all, at) };
}
