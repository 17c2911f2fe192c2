type Sends = { send(command: never, options?: never): unknown };

/** Milliseconds for one call of an AWS service, retries included: the shortest function that makes one ends after ten seconds. */
const DEADLINE_MS = 8_000;

/**
 * A client of the SDK whose every call rejects with `TimeoutError` at a deadline, whatever the connection does: the SDK alone waits for
 * ever for an answer, for the end of its body, and on a connection that was handed over.
 */
export function inTime<Client extends Sends>(client: Client, milliseconds = DEADLINE_MS): Client {
  return new Proxy(client, {
    get(target, member) {
      const value: unknown = Reflect.get(target, member, target);
      if (member !== 'send' || typeof value !== 'function') return value;
      return (command: unknown, options: object = {}) =>
        beforeDeadline(milliseconds, (abortSignal) =>
          Reflect.apply(value, target, [command, { ...options, abortSignal }]),
        );
    },
  });
}

/** Gives the call up at the deadline with a `TimeoutError`, and answers so at once even where the call does not hear it. */
export function beforeDeadline<T>(
  milliseconds: number,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  return new Promise((done, fail) => {
    const timer = setTimeout(() => {
      const late = Object.assign(new Error('no answer in time'), { name: 'TimeoutError' });
      fail(late);
      controller.abort(late);
    }, milliseconds);
    call(controller.signal)
      .then(done, fail)
      .finally(() => clearTimeout(timer));
  });
}
