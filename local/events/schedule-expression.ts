/** The next instant (Unix milliseconds) after `now` at which an expression fires. */
export type NextFire = (now: number) => number;

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** How far ahead a cron expression is searched. */
const horizonMinutes = 366 * 24 * 60;

/**
 * Reads `rate(<n> minutes|hours|days)` or `cron(<minute> <hour> <day> <month> <weekday> <year>)` in UTC, with numbers,
 * `*`, `?`, lists, ranges and steps (not `L`, `W`, `#` or names). Throws on anything else.
 */
export function readSchedule(expression: string): NextFire {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate !== null) {
    const unit = rate[2] === 'minute' ? 'minute' : rate[2] === 'hour' ? 'hour' : 'day';
    const period = Number(rate[1]) * unitMs[unit];
    return (now) => now + period;
  }
  const cron = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)$/.exec(expression);
  if (cron === null) throw new Error(`The local scheduler does not know ${expression}.`);
  const [minute, hour, day, month, weekday, year] = [
    field(cron[1]),
    field(cron[2]),
    field(cron[3]),
    field(cron[4]),
    field(cron[5]),
    field(cron[6]),
  ];
  return (now) => {
    let at = Math.floor(now / 60_000) * 60_000;
    for (let step = 0; step < horizonMinutes; step += 1) {
      at += 60_000;
      const date = new Date(at);
      const fires =
        minute(date.getUTCMinutes()) &&
        hour(date.getUTCHours()) &&
        day(date.getUTCDate()) &&
        month(date.getUTCMonth() + 1) &&
        weekday(date.getUTCDay() + 1) &&
        year(date.getUTCFullYear());
      if (fires) return at;
    }
    return Number.POSITIVE_INFINITY;
  };
}

function field(text = '*'): (value: number) => boolean {
  const tests = text.split(',').map((part) => {
    const match = /^(?:[*?]|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (match === null) throw new Error(`The local scheduler does not know ${part} in a cron expression.`);
    const from = match[1] === undefined ? 0 : Number(match[1]);
    const step = match[3] === undefined ? 1 : Number(match[3]);
    const open = match[1] === undefined || match[3] !== undefined;
    const to = match[2] !== undefined ? Number(match[2]) : open ? Number.POSITIVE_INFINITY : from;
    return (value: number) => value >= from && value <= to && (value - from) % step === 0;
  });
  return (value) => tests.some((test) => test(value));
}
