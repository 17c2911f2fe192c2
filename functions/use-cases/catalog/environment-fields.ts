import type { Environment } from '../../domain/catalog/environment.ts';
import { isReserved } from '../../domain/ids.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Kept } from './description.ts';
import { type GatesRequest, gateSettings } from './gate-settings.ts';

/** What a caller says of an environment; what is absent takes its default. */
export type EnvironmentFields = {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly rank?: number;
  readonly protected?: boolean;
  readonly tag_suffix?: string;
  readonly gates?: GatesRequest;
  readonly owned_keys?: readonly string[];
  /** Absent: taking something back needs what promoting needs. */
  readonly rollback?: Environment['rollback'];
  /** Absent: its artifacts live in the primary registry. */
  readonly artifact_repository?: Environment['artifact_repository'];
};

/** What a new environment is before its fields are told: the last of the pipeline, open, with the policy gate alone. */
function blank({ name }: EnvironmentFields, others: readonly Environment[]) {
  const tenant_lock = others.find((other) => other.tenant_lock !== undefined)?.tenant_lock;
  return {
    ...(tenant_lock === undefined ? {} : { tenant_lock }),
    name,
    aliases: [],
    rank: Math.max(0, ...others.map(({ rank }) => rank)) + 1,
    protected: false,
    tag_suffix: name,
  };
}

type Placed = Omit<Environment, keyof Kept | 'gates' | 'owned_keys'>;

/** An environment as its fields say, with the locks that it has. A new one's guard starts as its version does. Refuses `invalid_request`. */
export function withFields(
  { gates = [], rollback, artifact_repository, owned_keys = [], ...fields }: EnvironmentFields,
  stored: Environment | undefined,
  others: readonly Environment[],
  stamp: Kept,
): Environment | Refusal {
  const settings = gateSettings(gates);
  if ('refused' in settings) return settings;
  const {
    rollback: _,
    artifact_repository: __,
    ...kept
  }: Placed = stored ?? { ...blank(fields, others), guard: stamp.version - 1 };
  return {
    ...kept,
    ...fields,
    ...(rollback === undefined ? {} : { rollback }),
    ...(artifact_repository === undefined ? {} : { artifact_repository }),
    gates: settings,
    owned_keys,
    guard: kept.guard + 1,
    ...stamp,
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
    return refuse('reserved_name', `${reserved} is a reserved name`, { name: reserved });
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
