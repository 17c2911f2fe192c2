import { type Refusal, refuse } from '../refusal.ts';

export const LIFECYCLE_STATUSES = ['active', 'deprecated', 'eol'] as const;
export type LifecycleStatus = (typeof LIFECYCLE_STATUSES)[number];

/** From when a version is discouraged, from when nobody keeps it up any more, and what to use in its place (a label). */
export type Lifecycle = {
  readonly deprecated_at?: string;
  readonly eol_at?: string;
  readonly replacement?: string;
  readonly reason?: string;
};

/** What a version is at a moment: dates that have come count. */
export function lifecycleAt({ deprecated_at, eol_at }: Lifecycle, now: string): LifecycleStatus {
  if (eol_at !== undefined && eol_at <= now) return 'eol';
  return deprecated_at !== undefined && deprecated_at <= now ? 'deprecated' : 'active';
}

/** A version with its lifecycle. */
type Living = { readonly label: string; readonly artifact: string; readonly lifecycle?: Lifecycle };

/** Refuses (`risk_not_acknowledged`) to promote a version that has reached its end, unless who asks says to know that. */
export function endOfLife(
  { label, artifact, lifecycle = {} }: Living,
  acknowledged: boolean,
  now: string,
): Refusal | undefined {
  if (acknowledged || lifecycleAt(lifecycle, now) !== 'eol') return undefined;
  const { eol_at, replacement } = lifecycle;
  const instead = replacement === undefined ? '' : `promote ${replacement}, or `;
  return refuse(
    'risk_not_acknowledged',
    `${label} of ${artifact} reached its end of life at ${eol_at}: ${instead}set acknowledge_eol: true`,
    { field: 'acknowledge_eol', eol_at, ...(replacement === undefined ? {} : { replacement }) },
  );
}
