import type { Environment } from '../../domain/catalog/environment.ts';
import { isReserved } from '../../domain/ids.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { type GatesRequest, gateSettings } from './gate-settings.ts';

/** What a caller says of an environment; what is absent stays, or takes its default when the environment is new. */
export type EnvironmentFields = {
  readonly aliases?: readonly string[];
  readonly rank?: number;
  readonly protected?: boolean;
  readonly tag_suffix?: string;
  readonly gates?: GatesRequest;
  readonly owned_keys?: readonly string[];
  /** `null`: taking something back needs what promoting needs. */
  readonly rollback?: Environment['rollback'] | null;
};

/** What an environment is before its fields are told: the last of the pipeline, open, with the policy gate alone. */
export function blankEnvironment(name: string, others: readonly Environment[], now: string): Environment {
  const tenant_lock = others.find((other) => other.tenant_lock !== undefined)?.tenant_lock;
  return {
    ...(tenant_lock === undefined ? {} : { tenant_lock }),
    name,
    aliases: [],
    rank: Math.max(0, ...others.map(({ rank }) => rank)) + 1,
    protected: false,
    tag_suffix: name,
    gates: [],
    owned_keys: [],
    version: 0,
    guard: 0,
    created_at: now,
    updated_at: now,
  };
}

/** An environment with fields changed: version and guard one higher. Refuses `invalid_request`. */
export function withFields(
  environment: Environment,
  { gates, rollback, ...fields }: EnvironmentFields,
  now: string,
): Environment | Refusal {
  const settings =
    gates === undefined && environment.version > 0 ? environment.gates : gateSettings(gates ?? []);
  if ('refused' in settings) return settings;
  const { rollback: before, ...kept } = environment;
  const after = rollback === undefined ? before : (rollback ?? undefined);
  return {
    ...kept,
    ...fields,
    ...(after === undefined ? {} : { rollback: after }),
    gates: settings,
    version: environment.version + 1,
    guard: environment.guard + 1,
    updated_at: now,
  };
}

/**
 * Whether an environment may stand beside the others: names and aliases name one environment, ranks are an order,
 * tag suffixes tell tags apart. Refuses `conflict`, `reserved_name`, `invalid_request`.
 */
export function placed(environment: Environment, others: readonly Environment[]): Refusal | undefined {
  const names = [environment.name, ...environment.aliases];
  const reserved = names.find(isReserved);
  if (reserved !== undefined)
    return refuse('reserved_name', `${reserved} is a word of the API`, { name: reserved });
  if (new Set(names).size !== names.length) {
    return refuse('invalid_request', 'an alias is given twice, or is the name itself', {
      errors: [{ field: 'aliases', problem: 'must differ from each other and from the name' }],
    });
  }
  for (const other of others) {
    const taken = names.find((name) => name === other.name || other.aliases.includes(name));
    if (taken !== undefined) return refuse('conflict', `${taken} is ${other.name} already`, { name: taken });
    if (other.rank === environment.rank) {
      return refuse('conflict', `${other.name} has the rank ${other.rank} already`, { rank: other.rank });
    }
    if (other.tag_suffix === environment.tag_suffix) {
      return refuse('conflict', `${other.name} has the tag suffix ${other.tag_suffix} already`, {
        tag_suffix: other.tag_suffix,
      });
    }
  }
  return undefined;
}
