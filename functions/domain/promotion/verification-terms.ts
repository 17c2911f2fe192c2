import type { VerificationSetting } from '../catalog/environment.ts';
import type { Digest } from '../digest.ts';
import type { GateSetting } from '../gates/gate.ts';

/** The terms of a verification, as the environment had them when the head was claimed. */
export type VerificationTerms = Pick<VerificationSetting, 'within' | 'on_failure'> & {
  readonly gate: GateSetting;
  /** The environment was protected: reports of named producers alone count. */
  readonly protected: boolean;
};

/** What a decided verification rests on. */
export type Verified = {
  readonly outcome: 'passed' | 'failed' | 'unknown';
  readonly reason_code: string;
  readonly evidence?: Digest;
};

/** Whether what went live holds. `rollback`: what followed by itself from its failure, the promotion that takes it back or why there is none. */
export type Verification = VerificationTerms & { readonly until: string } & (
    | { readonly status: 'pending' }
    | ({ readonly status: Verified['outcome']; readonly decided_at: string } & Omit<Verified, 'outcome'> & {
          readonly rollback?: { readonly promotion_id: string } | { readonly reason_code: string };
        })
  );
