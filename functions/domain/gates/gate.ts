import type { Condition } from '../conditions/condition.ts';
import type { Digest } from '../digest.ts';
import type { Kind } from '../subject.ts';

/** Gates Sluice knows by name; an environment may add custom names. */
export type BuiltInGate =
  | 'policy_compliance'
  | 'tests'
  | 'security_scan'
  | 'signature'
  | 'soak'
  | 'cost_analysis'
  | 'performance_baseline';

/**
 * Who may have signed without a key of their own: the identity in the certificate, the issuer who vouched for it, and the digest of the
 * trusted root (its RFC 8785 form) under which that was verified. A last `*` of the identity stands for any ending.
 */
export type CertificateSigner = {
  readonly identity: string;
  readonly issuer: string;
  readonly trusted_root: Digest;
};

export type GateMode = 'block' | 'warn';

/** What an environment makes of a gate, in a word: it blocks, it advises, it is not asked. */
export const GATE_POLICIES = ['enforce', 'warn', 'off'] as const;
export type GatePolicy = (typeof GATE_POLICIES)[number];

/** An endpoint that judges. `secret_ref` names the secret that signs every question. */
export type HttpProvider = { readonly type: 'http'; readonly url: string; readonly secret_ref: string };

/**
 * The registry that content comes from, asked for its signatures: by one of these keys (PEM), or by a certificate of one of the gate's
 * `signers` under the trusted root that the secret `trusted_root_ref` holds. `children`: each manifest of an index is signed too.
 */
export type RegistryProvider = {
  readonly type: 'registry';
  readonly public_keys?: readonly string[];
  readonly trusted_root_ref?: string;
  readonly children?: boolean;
};

/** Who is asked instead of waiting for reports. */
export type GateProvider = HttpProvider | RegistryProvider;

/** A gate as an environment demands it. Durations are ISO 8601 (`P7D`), time-outs whole seconds. */
export type GateSetting = {
  readonly name: string;
  readonly mode: GateMode;
  readonly applies_to: readonly Kind[];
  readonly format?: string;
  readonly max_age?: string;
  readonly thresholds?: Condition;
  readonly producers?: readonly string[];
  readonly signers?: readonly CertificateSigner[];
  readonly provider?: GateProvider;
  readonly timeout_seconds?: number;
};

export const GATE_STATUSES = ['PASSED', 'FAILED', 'WARNING', 'SKIPPED', 'ERROR', 'PENDING'] as const;
export type GateStatus = (typeof GATE_STATUSES)[number];

/** What one gate said in one assessment. */
export type GateResult = {
  readonly name: string;
  readonly required: boolean;
  readonly mode: GateMode;
  readonly status: GateStatus;
  readonly reason_code: string;
  readonly evidence: readonly Digest[];
};
