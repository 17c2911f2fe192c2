/** One bar of a chart: how high, and what it says. */
export type Bar = { readonly value: number; readonly label: string; readonly title: string };

/** The drawing's own units: charts grow with the page. */
const WIDTH = 604;
const FLOOR = 110;
const TOP = 12;
const LEFT = 34;

/** Bars from past to present; the last one is now. The finding is its label, for readers of the screen. */
export const Bars = ({ bars, finding }: { readonly bars: readonly Bar[]; readonly finding: string }) => {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const step = (WIDTH - LEFT) / Math.max(1, bars.length);
  const height = (value: number) => ((FLOOR - TOP) * value) / most;
  const ticks = most === 1 ? [0, 1] : [0, Math.round(most / 2), most];
  return (
    <svg class="wide" viewBox="0 0 604 132" role="img" aria-label={finding}>
      {ticks.map((tick) => (
        <g key={tick}>
          <path class="ch-x" d={`M${LEFT - 6} ${FLOOR - height(tick)}H${WIDTH - 4}`} />
          <text class="ch-t" x={LEFT - 12} y={FLOOR - height(tick) + 4} text-anchor="end">
            {tick}
          </text>
        </g>
      ))}
      {bars.map(({ value, label, title }, at) => (
        <g key={label}>
          <rect
            class={at === bars.length - 1 ? 'ch-b d' : 'ch-b'}
            x={LEFT + at * step + step * 0.12}
            y={FLOOR - Math.max(1, height(value))}
            width={step * 0.76}
            height={Math.max(1, height(value))}
          >
            <title>{title}</title>
          </rect>
          {at === 0 || at === bars.length - 1 || at === Math.floor(bars.length / 2) ? (
            <text
              class="ch-t"
              x={LEFT + (at + 0.5) * step}
              y="128"
              text-anchor={at === bars.length - 1 ? 'end' : 'middle'}
            >
              {label}
            </text>
          ) : undefined}
        </g>
      ))}
    </svg>
  );
};

/** A line across a chart with what it says: at so many bars from the left. */
export type Mark = { readonly place: number; readonly says: string };

/** Room above the bars for what marks say, a line each. */
const HEAD = 16;

/** How lengths are spread: each bar with its number above, and the upper end of its range below; marks stand across them. */
export const Spread = ({
  bars,
  marks,
  finding,
}: {
  readonly bars: readonly Bar[];
  readonly marks: readonly Mark[];
  readonly finding: string;
}) => {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const step = WIDTH / Math.max(1, bars.length);
  const floor = FLOOR + HEAD * marks.length;
  return (
    <svg class="wide" viewBox={`0 0 604 ${floor + 22}`} role="img" aria-label={finding}>
      <path class="ch-x" d={`M6 ${floor}H${WIDTH - 4}`} />
      {bars.map(({ value, label, title }, at) => {
        const height = Math.max(1, ((FLOOR - 24) * value) / most);
        return (
          <g key={label}>
            <rect class="ch-b" x={at * step + 3} y={floor - height} width={step - 6} height={height}>
              <title>{title}</title>
            </rect>
            <text class="ch-t" x={(at + 0.5) * step} y={floor - height - 5} text-anchor="middle">
              {value === 0 ? '' : value}
            </text>
            <text
              class={at % 2 === 0 ? 'ch-t odd' : 'ch-t'}
              x={(at + 0.5) * step}
              y={floor + 18}
              text-anchor="middle"
            >
              {label}
            </text>
          </g>
        );
      })}
      {marks.map(({ place, says }, at) => {
        const x = place * step;
        const left = x > WIDTH * 0.6;
        return (
          <g key={says}>
            <path class="ch-m" d={`M${x} ${2 + HEAD * at}V${floor}`} />
            <text
              class="ch-k"
              x={left ? x - 5 : x + 5}
              y={11 + HEAD * at}
              text-anchor={left ? 'end' : 'start'}
            >
              {says}
            </text>
          </g>
        );
      })}
    </svg>
  );
};

/** A share of a while: `undefined` where there was nothing to share. */
export type Point = { readonly value: number | undefined; readonly title: string };

/** Shares from past to present as a line above its area, which is broken where nothing is known. */
export const Line = ({
  points,
  ends: [first, last],
  finding,
}: {
  readonly points: readonly Point[];
  readonly ends: readonly [first: string, last: string];
  readonly finding: string;
}) => {
  const most = Math.max(0.05, ...points.map(({ value = 0 }) => value));
  const step = (WIDTH - LEFT - 8) / Math.max(1, points.length - 1);
  const x = (at: number) => LEFT + at * step;
  const y = (value: number) => FLOOR - ((FLOOR - TOP) * value) / most;
  const path = (run: Run) => run.map(([at, value]) => `${x(at)} ${y(value)}`).join('L');
  return (
    <svg class="wide" viewBox="0 0 604 132" role="img" aria-label={finding}>
      {[0, most / 2, most].map((tick) => (
        <g key={tick}>
          <path class="ch-x" d={`M${LEFT - 6} ${y(tick)}H${WIDTH - 4}`} />
          <text class="ch-t" x={LEFT - 9} y={y(tick) + 4} text-anchor="end">
            {Math.round(tick * 100)} %
          </text>
        </g>
      ))}
      {runsOf(points).map((run) => (
        <g key={run[0]?.[0]}>
          <path
            class="ch-a"
            d={`M${x(run[0]?.[0] ?? 0)} ${FLOOR}L${path(run)}L${x(run.at(-1)?.[0] ?? 0)} ${FLOOR}Z`}
          />
          <path class="ch-l" d={`M${path(run)}`} />
          {run.map(([at, value]) => (
            <circle key={at} class="ch-b d" cx={x(at)} cy={y(value)} r={3}>
              <title>{points[at]?.title}</title>
            </circle>
          ))}
        </g>
      ))}
      <text class="ch-t" x={LEFT} y="128">
        {first}
      </text>
      <text class="ch-t" x={WIDTH - 4} y="128" text-anchor="end">
        {last}
      </text>
    </svg>
  );
};

type Run = readonly (readonly [at: number, value: number])[];

/** The known points that follow each other. */
function runsOf(points: readonly Point[]): readonly Run[] {
  const runs: (readonly [number, number])[][] = [];
  for (const [at, { value }] of points.entries()) {
    if (value === undefined) continue;
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1)?.[0] === at - 1) run.push([at, value]);
    else runs.push([[at, value]]);
  }
  return runs;
}
