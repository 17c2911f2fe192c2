import type { Environment } from '../../domain/catalog/environment.ts';
import { findEnvironment, inOrder } from '../../domain/catalog/pipeline.ts';
import { type Measures, measuresOf } from '../../domain/deployment/measures.ts';
import {
  after,
  cut,
  type Interval,
  lengthOf,
  type RollUp,
  type Span,
} from '../../domain/deployment/roll-up.ts';
import { type Tally, together } from '../../domain/deployment/tally.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { ACTIONS, may } from '../../domain/identity/roles.ts';
import { within } from '../../domain/in-environment.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { KINDS, type Kind } from '../../domain/subject.ts';
import type { Deps } from '../deps.ts';
import { unauthorized } from './authority.ts';

export type MetricsInput = {
  readonly principal: Principal;
  /** Name or alias; absent: every environment that the caller may read. */
  readonly environment?: string;
  readonly kind?: Kind;
  /** A subject's name; needs `kind`. */
  readonly subject?: string;
  /** Days in UTC, both included; the last 30 when absent. */
  readonly from?: string;
  readonly to?: string;
  readonly interval: Interval;
};

/** One environment's measures: over all days, by kind, and for each interval. `terminal`: nothing is promoted from there. */
export type EnvironmentMetrics = {
  readonly environment: string;
  readonly terminal: boolean;
  readonly measures: Measures;
  readonly by_kind: readonly { readonly kind: Kind; readonly measures: Measures }[];
  readonly series: readonly (Span & { readonly measures: Measures })[];
};
export type Metrics = Span & { readonly environments: readonly EnvironmentMetrics[] };

export type MetricsDeps = Pick<Deps, 'catalog' | 'rollUps' | 'clock'>;

const DEFAULT_DAYS = 30;
const MOST_DAYS = 366;

/**
 * Measures the deployments of some days from their daily sums; a change is in them within two minutes.
 * Refuses `unknown_environment`, `not_authorized`, and `invalid_request` beyond 366 days or with a subject without its kind.
 */
export async function readMetrics(deps: MetricsDeps, input: MetricsInput): Promise<Metrics | Refusal> {
  const { principal, subject, kind, interval } = input;
  if (subject !== undefined && kind === undefined) {
    return refuse('invalid_request', 'kind is required with subject', { field: 'kind' });
  }
  const span = spanOf(input, deps.clock.now().slice(0, 10));
  if (isRefusal(span)) return span;
  const pipeline = inOrder(await deps.catalog.all(principal.tenant, 'environment'));
  const places = placesOf(pipeline, input);
  if ('refused' in places) return places;
  const environments = await Promise.all(
    places.map(async (place): Promise<EnvironmentMetrics> => {
      const { name: environment } = place;
      const about = kind === undefined || subject === undefined ? {} : { subject: { kind, name: subject } };
      const days = await deps.rollUps.span(principal.tenant, { ...within(place), ...about }, span);
      const kinds = kind === undefined ? KINDS : [kind];
      return {
        environment,
        terminal: pipeline.at(-1)?.name === environment,
        measures: measured(days, kinds, span),
        by_kind: kinds
          .filter((one) => days.some((day) => day.kinds[one] !== undefined))
          .map((one) => ({ kind: one, measures: measured(days, [one], span) })),
        series: cut(span, interval).map((part) => ({ ...part, measures: measured(days, kinds, part) })),
      };
    }),
  );
  return { ...span, environments };
}

function spanOf({ from, to }: Pick<MetricsInput, 'from' | 'to'>, today: string): Span | Refusal {
  const last = to ?? today;
  const first = from ?? after(last, 1 - DEFAULT_DAYS);
  const span = { from: first, to: last };
  if (first > last) return refuse('invalid_request', 'from is after to', { field: 'from' });
  if (lengthOf(span) > MOST_DAYS) {
    return refuse('invalid_request', `metrics cover at most ${MOST_DAYS} days`, { field: 'from' });
  }
  return span;
}

function placesOf(
  pipeline: readonly Environment[],
  { principal, environment }: Pick<MetricsInput, 'principal' | 'environment'>,
): readonly Environment[] | Refusal {
  if (environment === undefined) {
    if (may(principal, 'read')) return pipeline.filter(({ name }) => may(principal, 'read', name));
    return refuse('not_authorized', `requires the role ${ACTIONS.read.join(' or ')}`, {
      required: ACTIONS.read,
    });
  }
  const place = findEnvironment(pipeline, environment);
  if (place === undefined) {
    return refuse('unknown_environment', `there is no environment ${environment}`, { field: 'environment' });
  }
  return unauthorized(principal, 'read', place.name) ?? [place];
}

function measured(days: readonly RollUp[], kinds: readonly Kind[], span: Span): Measures {
  const within = days.filter(({ day }) => day >= span.from && day <= span.to);
  const tallies = within.flatMap((day): readonly Tally[] => kinds.flatMap((kind) => day.kinds[kind] ?? []));
  return measuresOf(together(tallies), lengthOf(span));
}
