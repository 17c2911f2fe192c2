const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago or ahead, in the coarsest word that still helps: `now`, `26 min`, `3 h`, `5 d`. */
export function span(milliseconds: number): string {
  const length = Math.abs(milliseconds);
  if (length < MINUTE) return 'now';
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`;
  if (length < 2 * DAY) return `${Math.floor(length / HOUR)} h`;
  return `${Math.floor(length / DAY)} d`;
}

/** An instant as people say it: `26 min ago`, `in 3 h`, `now`. */
export function ago(instant: string, now: number): string {
  const behind = now - Date.parse(instant);
  const words = span(behind);
  if (words === 'now') return words;
  return behind > 0 ? `${words} ago` : `in ${words}`;
}

/** A length of time in seconds, in words: `45 s`, `4 min`, `1 h 26 min`, `2 d 3 h`. */
export function lasting(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 2 * 86_400) return two(seconds, 3600, 'h', 60, 'min');
  return two(seconds, 86_400, 'd', 3600, 'h');
}

function two(seconds: number, large: number, word: string, small: number, smallWord: string): string {
  const rest = Math.floor((seconds % large) / small);
  const whole = `${Math.floor(seconds / large)} ${word}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallWord}`;
}
