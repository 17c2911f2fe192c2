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

/** How lengths are spread: each bar with its number above, and the upper end of its range below. */
export const Spread = ({ bars, finding }: { readonly bars: readonly Bar[]; readonly finding: string }) => {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const step = WIDTH / Math.max(1, bars.length);
  return (
    <svg class="wide" viewBox="0 0 604 132" role="img" aria-label={finding}>
      <path class="ch-x" d={`M6 ${FLOOR}H${WIDTH - 4}`} />
      {bars.map(({ value, label, title }, at) => {
        const height = Math.max(1, ((FLOOR - 24) * value) / most);
        return (
          <g key={label}>
            <rect class="ch-b" x={at * step + 3} y={FLOOR - height} width={step - 6} height={height}>
              <title>{title}</title>
            </rect>
            <text class="ch-t" x={(at + 0.5) * step} y={FLOOR - height - 5} text-anchor="middle">
              {value === 0 ? '' : value}
            </text>
            <text
              class={at % 2 === 0 ? 'ch-t odd' : 'ch-t'}
              x={(at + 0.5) * step}
              y="128"
              text-anchor="middle"
            >
              {label}
            </text>
          </g>
        );
      })}
    </svg>
  );
};
