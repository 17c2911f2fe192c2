/** The longest delay setTimeout keeps (2^31 - 1 ms, 24.8 days); a longer one fires at once. */
const longest = 2_147_483_647;

/** setTimeout for any delay in milliseconds; returns what cancels it. */
export function longTimeout(ms: number, action: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = (left: number) => {
    timer = setTimeout(
      () => (left > longest ? arm(left - longest) : action()),
      Math.min(Math.max(0, left), longest),
    );
  };
  arm(ms);
  return () => clearTimeout(timer);
}
