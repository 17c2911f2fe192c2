import type { Rule } from '../../domain/catalog/rule.ts';
import { type Digest, digestOfBytes } from '../../domain/digest.ts';
import { canonicalJson } from '../../domain/jcs.ts';
import type { Deps } from '../deps.ts';
import { automaticRules } from './judge.ts';

/** What decides in a tenant beside its deployments. `digest` changes with every version of a rule that may promote by itself, and of a gateway that it may promote to. */
export type Governing = {
  readonly rules: readonly Rule[];
  /** Where rules promote from by themselves, in order. */
  readonly sources: readonly string[];
  readonly digest: Digest;
};

/** Reads what governs a tenant; a tenant without automatic rules costs the one query of its rules. */
export async function readGoverning(deps: Pick<Deps, 'catalog'>, tenant: string): Promise<Governing> {
  const rules = await deps.catalog.all(tenant, 'rule');
  const environments = [...new Set(rules.map((rule) => rule.source_environment))].sort();
  const automatic = environments.flatMap((environment) => automaticRules(rules, environment));
  const sources = environments.filter((environment) => automaticRules(rules, environment).length > 0);
  const targets = new Set(automatic.map((rule) => rule.target_environment));
  const gateways = automatic.length === 0 ? [] : await deps.catalog.all(tenant, 'gateway');
  const usable = gateways.filter(({ environment }) => targets.has(environment));
  const versions = [...automatic, ...usable].map(({ id, version, updated_at }) => [id, version, updated_at]);
  return { rules, sources, digest: digestOfBytes(canonicalJson(versions)) };
}
