// @ts-check
/**
 * Replaces `Date` in this thread by one that runs ahead by the milliseconds in `offset`.
 * The buffer is shared with the host, so that a change holds in every thread at once.
 *
 * @param {SharedArrayBuffer} offset
 */
export function shiftClock(offset) {
  const ahead = new Float64Array(offset);
  const RealDate = Date;
  const now = () => RealDate.now() + (ahead[0] ?? 0);
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  });
}
