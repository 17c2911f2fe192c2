import { isOwnSecret, secretPrefix } from '../../domain/catalog/own-secret.ts';
import { parseCondition } from '../../domain/conditions/parse-condition.ts';
import { defaultGate } from '../../domain/gates/default-gate.ts';
import type {
  BuiltInGate,
  CertificateSigner,
  GateMode,
  GatePolicy,
  GateProvider,
  GateSetting,
  RegistryProvider,
} from '../../domain/gates/gate.ts';
import { LONGEST_TIMEOUT, PROVIDER_FORMAT } from '../../domain/gates/provider.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Kind } from '../../domain/subject.ts';
import { KINDS } from '../../domain/subject.ts';

import { type CallLimits, isCallable } from './callable.ts';

/** A gate as a caller asks for it: what is absent takes the gate's defaults, but for `applies_to`: who names a gate means every kind. */
export type GateRequest = {
  readonly name: string;
  readonly mode?: GateMode;
  readonly applies_to?: readonly Kind[];
  readonly format?: string;
  readonly max_age?: string;
  readonly thresholds?: unknown;
  readonly producers?: readonly string[];
  readonly signers?: readonly CertificateSigner[];
  readonly provider?: GateProvider;
  readonly timeout_seconds?: number;
};

/** Gates in order, or the artifact document's map from name to whether, or how, it is wanted. */
export type GatesRequest = readonly GateRequest[] | { readonly [name: string]: boolean | GatePolicy };

const POLICY = 'policy_compliance';

/** Gates of an environment, `policy_compliance` among them: each promotion to it reads the reports of each. */
const MOST_GATES = 50;

/**
 * The gates of an environment, in order, `policy_compliance` first: it cannot be turned off, weakened or narrowed.
 * Refuses `invalid_request` for a gate named twice and for thresholds that are no condition.
 */
export function gateSettings(request: GatesRequest): readonly GateSetting[] | Refusal {
  const wanted = isList(request) ? request : fromMap(request);
  if ('refused' in wanted) return wanted;
  const names = wanted.map(({ name }) => name);
  const count = names.filter((name) => name !== POLICY).length + 1;
  if (count > MOST_GATES)
    return wrong(`has ${count} gates with ${POLICY}, at most ${MOST_GATES} are allowed`);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return wrong(`the gate ${twice} is named twice`);
  const settings: GateSetting[] = [];
  for (const gate of wanted) {
    const setting = settingOf(gate);
    if (isRefusal(setting)) return setting;
    settings.push(setting);
  }
  const policy = settings.find(({ name }) => name === POLICY) ?? defaultGate(POLICY);
  const all = defaultGate(POLICY);
  if (policy.mode !== all.mode || policy.applies_to.length !== all.applies_to.length) {
    return wrong(`${POLICY} blocks, for every kind: it cannot be turned off`);
  }
  return [policy, ...settings.filter(({ name }) => name !== POLICY)];
}

// `Array.isArray` does not narrow a read-only list.
const isList = (request: GatesRequest): request is readonly GateRequest[] => Array.isArray(request);

function fromMap(map: { readonly [name: string]: boolean | GatePolicy }): readonly GateRequest[] | Refusal {
  if (map[POLICY] === false || map[POLICY] === 'off') return wrong(`${POLICY} cannot be turned off`);
  return Object.entries(map).flatMap(([name, wanted]) => {
    if (wanted === false || wanted === 'off') return [];
    return [wanted === true ? { name } : { name, mode: wanted === 'enforce' ? 'block' : 'warn' }];
  });
}

function settingOf({ thresholds, applies_to, mode, ...rest }: GateRequest): GateSetting | Refusal {
  const preset = defaultGate(rest.name, mode);
  const setting = {
    ...preset,
    ...rest,
    applies_to: appliesTo(applies_to, rest.provider, preset),
  };
  if (thresholds === undefined) return setting;
  const condition = parseCondition(thresholds);
  return isRefusal(condition) ? condition : { ...setting, thresholds: condition };
}

/** What is absent means every kind, but for a gate that asks a registry: that has artifacts alone. */
function appliesTo(
  asked: readonly Kind[] | undefined,
  provider: GateProvider | undefined,
  preset: GateSetting,
): readonly Kind[] {
  if (asked !== undefined) return [...new Set(asked)];
  return provider?.type === 'registry' ? preset.applies_to : KINDS;
}

/**
 * Refuses (`invalid_request`) a gate whose provider could not be asked, or not safely; policy and soak are
 * judged by Sluice alone.
 */
export function checkedProviders(
  gates: readonly GateSetting[],
  { tenant, limits }: { readonly tenant: string; readonly limits: CallLimits },
): Refusal | undefined {
  for (const gate of gates) {
    const { name, provider, format, timeout_seconds = 0 } = gate;
    if (OWN.includes(name) && (provider !== undefined || format === PROVIDER_FORMAT)) {
      return wrong(`${name} is judged by no provider`);
    }
    if (provider === undefined) continue;
    if (format !== undefined && format !== PROVIDER_FORMAT) {
      return wrong(`${name} has a provider, and reports of a format: one of them judges it`);
    }
    if (provider.type === 'registry') {
      const refusal = checkedRegistryProvider(tenant, gate, provider);
      if (refusal !== undefined) return refusal;
    } else if (!isCallable(provider.url, limits)) {
      return wrong(`the provider of ${name} must be an https URL without credentials or fragment`);
    }
    const use = { tenant, purpose: 'gate' } as const;
    if (provider.type === 'http' && !isOwnSecret(use, provider.secret_ref)) {
      return wrong(`the secret_ref of ${name} must name a secret under ${secretPrefix(use)}`);
    }
    if (timeout_seconds > LONGEST_TIMEOUT) {
      return wrong(`the provider of ${name} has ${LONGEST_TIMEOUT} s at the most`);
    }
  }
  return undefined;
}

/** Only signatures lie in registries, and only artifacts do; the gate names who is trusted, in a way that counts. */
function checkedRegistryProvider(
  tenant: string,
  { name, applies_to, producers, signers }: GateSetting,
  { public_keys, trusted_root_ref }: RegistryProvider,
): Refusal | undefined {
  const of = defaultGate(SIGNATURE).applies_to;
  if (name !== SIGNATURE || applies_to.some((kind) => !of.includes(kind))) {
    return wrong(`only ${SIGNATURE} of ${of.join(', ')} is judged by a registry: set applies_to to it`);
  }
  if (producers !== undefined) {
    return wrong(`${name} asks the registry, where nobody brings reports: name public_keys or signers`);
  }
  if ((signers === undefined) !== (trusted_root_ref === undefined)) {
    return wrong(`${name} needs signers and trusted_root_ref, or neither: signers are known by their root`);
  }
  if (public_keys === undefined && signers === undefined) {
    return wrong(
      `${name} asks the registry and trusts nobody: name public_keys, or signers and trusted_root_ref`,
    );
  }
  const use = { tenant, purpose: 'registry' } as const;
  if (trusted_root_ref === undefined || isOwnSecret(use, trusted_root_ref)) return undefined;
  return wrong(`the trusted_root_ref of ${name} must name a secret under ${secretPrefix(use)}`);
}

const SIGNATURE = 'signature' satisfies BuiltInGate;
const OWN: readonly string[] = [POLICY, 'soak'] satisfies BuiltInGate[];

const wrong = (detail: string): Refusal =>
  refuse('invalid_request', detail, { errors: [{ field: 'gates', problem: detail }] });
