// @ts-check
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

const SET_AHEAD = 'sluice:clock-ahead';

/**
 * Sets `Date` ahead by milliseconds (or back, by a negative number) in this thread, and in each thread that it starts and that calls `takeClock`.
 *
 * @param {number} milliseconds
 */
export function setClock(milliseconds) {
  setEnvironmentData(SET_AHEAD, milliseconds);
  takeClock();
}

/** Sets `Date` in this thread as `setClock` did in the thread that started it. */
export function takeClock() {
  const milliseconds = getEnvironmentData(SET_AHEAD);
  if (typeof milliseconds !== 'number') return;
  const offset = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  new Float64Array(offset)[0] = milliseconds;
  shiftClock(offset);
}

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
