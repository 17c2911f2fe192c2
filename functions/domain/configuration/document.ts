import type { Retention, VERIFICATIONS } from '../artifact/settings.ts';
import type { ApprovalPolicy } from '../catalog/approval-policy.ts';
import type { Environment } from '../catalog/environment.ts';
import type { REGISTRY_TYPES } from '../catalog/registry.ts';
import { defaultGate } from '../gates/default-gate.ts';
import type { GateSetting } from '../gates/gate.ts';
import { canonicalJson, type Json } from '../jcs.ts';

/** Whether a gate judges artifacts, by its name. */
export type GateMap = { readonly [gate: string]: boolean };

/** The document of a tenant's artifacts: the schema of the artifact document as it stands, and what is ours under `x-sluice`. */
export type Configuration = {
  readonly artifacts?: {
    readonly registry?: {
      readonly [role: string]: { readonly type: (typeof REGISTRY_TYPES)[number]; readonly url: string };
    };
    readonly promotion?: {
      readonly gates?: { readonly [environment: string]: GateMap };
      readonly notifications?: {
        /** `${NAME}` stands for the secret `sluice/<tenant>/slack/<NAME>`. */
        readonly slack?: { readonly webhook: string; readonly channels?: readonly string[] };
        readonly email?: { readonly recipients: readonly string[] };
      };
      readonly cross_registry_sync?: boolean;
      readonly verification?: (typeof VERIFICATIONS)[number];
    };
  };
  readonly 'x-sluice'?: {
    readonly approvals?: readonly ApprovalsEntry[];
    readonly retention?: Retention;
    readonly pins?: readonly PinEntry[];
  };
};

/** An approval policy without what the store says of it. */
export type ApprovalsEntry = Omit<ApprovalPolicy, 'id' | 'version' | 'created_at' | 'updated_at'>;
/** A consumer, which goes by its name, environment and artifact. */
export type PinEntry = {
  readonly name: string;
  readonly environment: string;
  readonly artifact: string;
  readonly constraint: string;
};

/** The gates that the artifact document names; an export says of each whether it is on. `security_scan` is a scan and a signature there. */
const DOCUMENTED = [
  'policy_compliance',
  'tests',
  'security_scan',
  'signature',
  'cost_analysis',
  'performance_baseline',
] as const;

/** The gates of an environment as a document shows them. */
export function gateMapOf({ gates }: Pick<Environment, 'gates'>): GateMap {
  const on = gates.filter(judgesArtifacts).map(({ name }) => name);
  const documented = DOCUMENTED.map((name): [string, boolean] => [name, on.includes(name)]);
  const others = on.filter((name) => !DOCUMENTED.some((each) => each === name));
  return Object.fromEntries([...documented, ...others.sort().map((name): [string, boolean] => [name, true])]);
}

/** The map with every documented gate said: what is absent is off, but a signature comes with the scan. */
export function completed(map: GateMap): GateMap {
  const signature = map['signature'] ?? map['security_scan'] ?? false;
  const said: GateMap = { ...map, signature, policy_compliance: map['policy_compliance'] ?? true };
  const documented = DOCUMENTED.map((name): [string, boolean] => [name, said[name] ?? false]);
  const others = Object.keys(map).filter((name) => map[name] && !DOCUMENTED.some((each) => each === name));
  return Object.fromEntries([...documented, ...others.sort().map((name): [string, boolean] => [name, true])]);
}

/**
 * An environment's gates once those that judge artifacts are these. What judges other kinds too goes on doing so, settings are kept, and
 * what is new has the gate's defaults, for artifacts alone.
 */
export function gatesAsSaid(gates: readonly GateSetting[], map: GateMap): readonly GateSetting[] {
  const kept = gates.flatMap((gate): GateSetting[] => {
    if (gate.name === 'policy_compliance' || judgesArtifacts(gate) === (map[gate.name] ?? false))
      return [gate];
    const others = gate.applies_to.filter((kind) => kind !== 'artifact');
    if (map[gate.name]) return [{ ...gate, applies_to: [...others, 'artifact'] }];
    return others.length === 0 ? [] : [{ ...gate, applies_to: others }];
  });
  const names = new Set(kept.map(({ name }) => name));
  const added = Object.keys(map).filter((name) => map[name] && !names.has(name));
  return [...kept, ...added.map((name) => ({ ...defaultGate(name), applies_to: ['artifact'] as const }))];
}

const judgesArtifacts = ({ applies_to }: GateSetting): boolean => applies_to.includes('artifact');

/** One thing that a document would change. `null`: not there. */
export type Difference = { readonly path: string; readonly before: Json; readonly after: Json };

/** Where two documents differ: members by their path, lists as a whole. */
export function differences(
  before: Json | undefined,
  after: Json | undefined,
  path = '',
): readonly Difference[] {
  if (isMapping(before) && isMapping(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) =>
      differences(before[name], after[name], path === '' ? name : `${path}.${name}`),
    );
  }
  const [was, is] = [before ?? null, after ?? null];
  return canonicalJson(was) === canonicalJson(is) ? [] : [{ path, before: was, after: is }];
}

const isMapping = (value: Json | undefined): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
