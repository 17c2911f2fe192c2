import { type Configuration, type Difference, differences } from '../../domain/configuration/document.ts';
import { isJson } from '../../domain/evidence/read-json.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import type { Json } from '../../domain/jcs.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { authorize } from '../access/authorize.ts';
import { isWaiting, type KeepingDeps } from '../catalog/description.ts';
import { exported, readCurrent } from './current.ts';
import { type Asked, stepsOf } from './steps.ts';
import { type Said, wanted } from './wanted.ts';

/** What applying a document came to. `pending_changes`: ids of those that wait for a second admin. */
export type Applied = {
  readonly changes: readonly Difference[];
  readonly pending_changes: readonly string[];
  readonly warnings: readonly string[];
};

/** Exports the configuration of a tenant. Refuses `not_authorized`. */
export async function readConfiguration(
  deps: KeepingDeps,
  { principal }: { readonly principal: Principal },
): Promise<Configuration | Refusal> {
  const refusal = await authorize(deps, principal, 'read');
  return refusal ?? exported(principal.tenant, await readCurrent(deps, principal.tenant));
}

/**
 * Makes what a document names as it says: sections that it does not name stay as they are. Each noun is one commit, as if it had been
 * changed by itself; the document is checked whole before the first, and applying it again goes on where a refusal or a crash left off.
 * Refuses `not_authorized`, `invalid_request`, `unknown_environment`, and what the nouns refuse.
 */
export async function applyConfiguration(
  deps: KeepingDeps,
  { document, dry_run, ...asked }: Asked & { readonly document: Said; readonly dry_run: boolean },
): Promise<Applied | Refusal> {
  const { tenant } = asked.principal;
  const refusal = await authorize(deps, asked.principal, 'manage_catalog');
  if (refusal !== undefined) return refusal;
  const current = await readCurrent(deps, tenant);
  const said = wanted(document, current, deps);
  if ('refused' in said) return said;
  const changes = differences(jsonOf(within(exported(tenant, current), said)), jsonOf(said));
  const warnings = warningsOf(said);
  const pending_changes: string[] = [];
  if (dry_run || changes.length === 0) return { changes, pending_changes, warnings };
  for (const step of stepsOf({ deps, asked, said, current })) {
    const outcome = await step();
    if (isRefusal(outcome)) return outcome;
    if (isWaiting(outcome)) pending_changes.push(outcome.pending.id);
  }
  return { changes, pending_changes, warnings };
}

/** What is so, of what the document names. */
function within(now: Required<Configuration>, said: Configuration): Configuration {
  const { registry, promotion } = said.artifacts ?? {};
  const ours = said['x-sluice'];
  const is = now.artifacts.promotion;
  const named = (names: object | undefined, all: object | undefined): object =>
    Object.fromEntries(Object.entries(all ?? {}).filter(([name]) => names !== undefined && name in names));
  return {
    ...(said.artifacts === undefined
      ? {}
      : {
          artifacts: {
            ...(registry === undefined ? {} : { registry: now.artifacts.registry ?? {} }),
            ...(promotion === undefined
              ? {}
              : {
                  promotion: {
                    ...named(promotion, is),
                    ...(promotion.gates === undefined
                      ? {}
                      : { gates: gatesNamed(promotion.gates, is?.gates) }),
                  },
                }),
          },
        }),
    ...(ours === undefined ? {} : { 'x-sluice': named(ours, now['x-sluice']) }),
  };
}

type Gates = NonNullable<NonNullable<NonNullable<Configuration['artifacts']>['promotion']>['gates']>;

const gatesNamed = (names: Gates, all: Gates = {}): Gates =>
  Object.fromEntries(Object.entries(all).filter(([name]) => name in names));

function jsonOf(document: Configuration): Json {
  const value: unknown = document;
  if (!isJson(value)) throw new Error('a configuration has a canonical form');
  return value;
}

function warningsOf({ artifacts }: Configuration): readonly string[] {
  const channels = artifacts?.promotion?.notifications?.slack?.channels ?? [];
  return channels.length < 2
    ? []
    : [
        'an incoming webhook posts to the one channel that it was made for: the names of channels are for people',
      ];
}
