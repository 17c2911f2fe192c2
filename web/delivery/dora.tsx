import type { ComponentChildren } from 'preact';
import type * as z from 'zod/mini';
import { getDeploymentMetrics } from '../../functions/contract/deployment-metrics.ts';
import { ask } from '../api/client.ts';
import { useData } from '../api/data.ts';
import { Loading, ProblemNote } from '../parts/notes.tsx';
import { count } from '../words/status.ts';
import { lasting } from '../words/time.ts';
import { type Bar, Bars, Line, type Mark, type Point, Spread } from './charts.tsx';
import { placeOf } from './place.ts';

type Metrics = z.infer<NonNullable<typeof getDeploymentMetrics.response>>;
type Place = Metrics['environments'][number];
type Lengths = Place['duration'];

/** Days that the charts go back. */
const DAYS = 30;

const dayBefore = (days: number): string =>
  new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

/** Weeks that the charts of rates go back: a rate of a day says little. */
const WEEKS = 12;

/** DORA's five, of one environment and the last 30 days, each with how it is computed. */
export const Dora = ({ environment }: { readonly environment: string }) => {
  const { value, problem, reload } = useData(`metrics ${environment}`, (signal) =>
    ask(getDeploymentMetrics, {
      query: { environment, from: dayBefore(DAYS - 1), to: dayBefore(0), interval: 'day' },
      signal,
    }),
  );
  const long = useData(`weeks ${environment}`, (signal) =>
    ask(getDeploymentMetrics, {
      query: { environment, from: dayBefore(WEEKS * 7 - 1), to: dayBefore(0), interval: 'week' },
      signal,
    }),
  );
  const weeks = long.value?.environments[0]?.series ?? [];
  if (problem !== undefined) return <ProblemNote problem={problem} retry={reload} />;
  if (value === undefined) return <Loading rows={6} />;
  const [place] = value.environments;
  if (place === undefined) return undefined;
  const { definitions } = value;
  return (
    <div class="dora">
      <Metric
        title="Deployment frequency"
        number={rounded(place.deploymentFrequency.perDay)}
        unit="a day"
        says={`${count(place.deploymentFrequency.count, 'deployment')} in ${place.deploymentFrequency.days} days.`}
        how={definitions.deploymentFrequency}
      >
        <Bars bars={daily(place)} finding={`Deployments into ${environment} a day, last ${DAYS} days`} />
      </Metric>
      <Metric
        title="Change lead time"
        {...median(place.changeLeadTime)}
        says={leadTime(place.changeLeadTime)}
        how={definitions.changeLeadTime}
      >
        <Lasting what="Change lead time" lengths={place.changeLeadTime} />
      </Metric>
      <Metric
        title="Change fail rate"
        {...rate(place.changeFailRate.rate)}
        says={`${place.changeFailRate.failures} of ${count(place.changeFailRate.deployments, 'deployment')} failed.`}
        how={definitions.changeFailRate}
      >
        <Weekly
          what="Change fail rate"
          points={weeks.map(({ from, changeFailRate: { rate: share, failures, deployments } }) => ({
            value: share ?? undefined,
            title: `Week from ${from}: ${failures} of ${deployments}`,
          }))}
        />
      </Metric>
      <Metric
        title="Failed deployment recovery time"
        {...median(place.failedDeploymentRecoveryTime)}
        says={`${place.failedDeploymentRecoveryTime.count} ${place.failedDeploymentRecoveryTime.count === 1 ? 'recovery' : 'recoveries'}.`}
        how={definitions.failedDeploymentRecoveryTime}
      >
        <Lasting what="Recovery time" lengths={place.failedDeploymentRecoveryTime} />
      </Metric>
      <Metric
        title="Deployment rework rate"
        {...rate(place.deploymentReworkRate.rate)}
        says={`${place.deploymentReworkRate.unplanned} of ${place.deploymentReworkRate.known} were unplanned repairs${unknown(place.deploymentReworkRate.unknown)}.`}
        how={definitions.deploymentReworkRate}
      >
        <Weekly
          what="Deployment rework rate"
          points={weeks.map(({ from, deploymentReworkRate: { rate: share, unplanned, known } }) => ({
            value: share ?? undefined,
            title: `Week from ${from}: ${unplanned} of ${known}`,
          }))}
        />
      </Metric>
      <Metric
        title="Duration of deployments"
        {...median(place.duration)}
        says={`${count(place.duration.count, 'deployment')} whose end is known${unknown(place.deployments - place.duration.count)}.`}
        how={definitions.duration}
      >
        <Lasting what="Duration" lengths={place.duration} />
      </Metric>
    </div>
  );
};

const Metric = ({
  title,
  number,
  unit,
  says,
  how,
  children,
}: {
  readonly title: string;
  readonly number: string;
  readonly unit: string;
  readonly says: string;
  readonly how: string;
  readonly children?: ComponentChildren;
}) => (
  <section>
    <div class="hd2">
      <div>
        <h2>{title}</h2>
        <p class="n">
          {number} <small>{unit}</small>
        </p>
      </div>
      <p>{says}</p>
    </div>
    {children}
    <details>
      <summary class="sm">How it is computed</summary>
      <p class="sm">{how}</p>
    </details>
  </section>
);

/** How lengths are spread, once there are any. */
const Lasting = ({ what, lengths }: { readonly what: string; readonly lengths: Lengths }) =>
  lengths.count === 0 ? undefined : (
    <Spread bars={spread(lengths)} marks={marks(lengths)} finding={finding(what, lengths)} />
  );

/** How a rate went week by week, once there were two weeks with one. */
const Weekly = ({ what, points }: { readonly what: string; readonly points: readonly Point[] }) => {
  const known = points.flatMap(({ value }) => value ?? []);
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined || known.length < 2) return undefined;
  return (
    <Line
      points={points}
      ends={[`${points.length} weeks`, 'this week']}
      finding={`${what} by week: from ${rounded(first * 100)} % to ${rounded(last * 100)} %`}
    />
  );
};

const daily = ({ series }: Place): readonly Bar[] =>
  series.map(({ from, deployments }) => ({
    value: deployments,
    label: from.slice(5),
    title: `${from}: ${count(deployments, 'deployment')}`,
  }));

const spread = ({ distribution }: Lengths): readonly Bar[] =>
  distribution.map(({ upToSeconds, count: number }) => {
    const label = upToSeconds === null ? 'more' : lasting(upToSeconds);
    return {
      value: number,
      label,
      title: `${number} ${upToSeconds === null ? 'took longer' : `within ${label}`}`,
    };
  });

/** Half of all are left of the first mark, nine in ten left of the second. */
const marks = ({ distribution, medianSeconds, p90Seconds }: Lengths): readonly Mark[] => [
  ...(medianSeconds === null
    ? []
    : [{ place: placeOf(distribution, medianSeconds), says: `half within ${lasting(medianSeconds)}` }]),
  ...(p90Seconds === null
    ? []
    : [{ place: placeOf(distribution, p90Seconds), says: `9 in 10 within ${lasting(p90Seconds)}` }]),
];

/** What is not known is said: never a guess. */
const median = ({ medianSeconds }: Pick<Lengths, 'medianSeconds'>) =>
  medianSeconds === null
    ? { number: 'not known', unit: '' }
    : { number: lasting(medianSeconds), unit: 'median' };

const rate = (share: number | null) =>
  share === null ? { number: 'not known', unit: '' } : { number: rounded(share * 100), unit: '%' };

const rounded = (number: number): string => number.toLocaleString('en', { maximumFractionDigits: 1 });

const unknown = (number: number): string =>
  number === 0 ? '' : `; of ${number.toLocaleString('en')} it is not known`;

const leadTime = ({ count: number, unknown: dark }: Place['changeLeadTime']): string =>
  `From the first commit that had not shipped, of ${count(number, 'deployment')}${unknown(dark)}.`;

const finding = (what: string, { count: number, medianSeconds, p90Seconds }: Lengths): string =>
  medianSeconds === null || p90Seconds === null
    ? `${what}: not known`
    : `${what} of ${number}: half within ${lasting(medianSeconds)}, nine in ten within ${lasting(p90Seconds)}`;
