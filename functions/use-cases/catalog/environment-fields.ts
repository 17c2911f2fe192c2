import type { Environment, VerificationSetting } from '../../domain/catalog/environment.ts';
import { parseCondition } from '../../domain/conditions/parse-condition.ts';
import { isReserved } from '../../domain/ids.ts';
import { durationMilliseconds } from '../../domain/instant.ts';
import { termsOf } from '../../domain/promotion/verification.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Kept } from './description.ts';
import { type GatesRequest, gateSettings } from './gate-settings.ts';
import { wrong } from './registry-fields.ts';

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
  /** Absent: nothing that goes live there is verified. */
  readonly verification?: VerificationFields;
  /** Absent: its artifacts live in the primary registry. */
  readonly artifact_repository?: Environment['artifact_repository'];
};

/** As a caller says it: without `on_failure` nothing follows from a failure. */
type VerificationFields = Omit<VerificationSetting, 'on_failure' | 'thresholds'> & {
  readonly on_failure?: VerificationSetting['on_failure'];
  readonly thresholds?: unknown;
};

/** How long a report may be waited for. */
const [SHORTEST, LONGEST] = [60_000, 30 * 86_400_000];

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
  { gates = [], rollback, verification, artifact_repository, owned_keys = [], ...fields }: EnvironmentFields,
  stored: Environment | undefined,
  others: readonly Environment[],
  stamp: Kept,
): Environment | Refusal {
  const settings = gateSettings(gates);
  if ('refused' in settings) return settings;
  const verified = verification === undefined ? {} : verificationOf(verification);
  if ('refused' in verified) return verified;
  const {
    rollback: _,
    artifact_repository: __,
    verification: ___,
    ...kept
  }: Placed = stored ?? { ...blank(fields, others), guard: stamp.version - 1 };
  return {
    ...kept,
    ...fields,
    ...(rollback === undefined ? {} : { rollback }),
    ...verified,
    ...(artifact_repository === undefined ? {} : { artifact_repository }),
    gates: settings,
    owned_keys,
    guard: kept.guard + 1,
    ...stamp,
  };
}

/** A verification as it is kept. Refuses a time that is too short or too long, and thresholds that are no condition. */
function verificationOf({
  thresholds,
  on_failure = 'none',
  ...rest
}: VerificationFields): Pick<Environment, 'verification'> | Refusal {
  const length = durationMilliseconds(rest.within) ?? 0;
  if (length < SHORTEST || length > LONGEST) {
    return wrong('verification.within', 'must be between PT1M and P30D');
  }
  if (thresholds === undefined) return { verification: { ...rest, on_failure } };
  const condition = parseCondition(thresholds);
  return isRefusal(condition) ? condition : { verification: { ...rest, on_failure, thresholds: condition } };
}

/**
 * Whether a protected environment's verification can ever be decided: nobody's report counts there unless producers are named. Refuses
 * `invalid_request`.
 */
export function decidable(environment: Environment): Refusal | undefined {
  const { gate, protected: isProtected = false } = termsOf(environment) ?? {};
  const named = gate?.producers?.length ?? gate?.signers?.length ?? 0;
  if (gate === undefined || !isProtected || named > 0) return undefined;
  return wrong('verification.producers', 'must name who is believed: the environment is protected');
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
