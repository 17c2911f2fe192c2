/** A part of a distribution: lengths up to so many seconds, above those of the part before; `null` ends nowhere. */
export type Part = { readonly upToSeconds: number | null; readonly count: number };

/** Where a length falls along the parts of a distribution, in parts: 1.5 is the middle of the second. Parts grow, so within one it goes by logarithms. */
export function placeOf(parts: readonly Part[], seconds: number): number {
  const at = parts.findIndex(({ upToSeconds }) => upToSeconds === null || seconds <= upToSeconds);
  if (at < 0) return parts.length;
  const to = parts[at]?.upToSeconds ?? null;
  // How far beyond the last bound it is nobody sees there.
  if (to === null) return at + 0.5;
  const from = parts[at - 1]?.upToSeconds ?? 0;
  if (from === 0) return at + Math.max(0, seconds) / to;
  return at + Math.log(seconds / from) / Math.log(to / from);
}
