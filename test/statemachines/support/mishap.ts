import { AsyncLocalStorage } from 'node:async_hooks';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';

/**
 * What may befall one call. A death takes the process that makes it, before the call is sent or after it took effect;
 * `timeout-after`: it took effect, and nobody heard.
 */
export type MishapKind = 'death-before' | 'death-after' | 'timeout-after' | 'throttled' | 'conflict';
export type Mishap = { readonly kind: MishapKind; readonly at: number };

/** Only transactions are cancelled for another's sake. */
export function applies(kind: MishapKind, call: string): boolean {
  return kind !== 'conflict' || call === 'TransactWriteItems';
}

/** Said by whatever waits for an invocation whose process died: Lambda reports such a one as `Lambda.Unknown`. */
export class Died extends Error {
  override readonly name = 'Lambda.Unknown';
}

type Invocation = { dead: boolean; readonly die: () => void };

/** Counts the calls that functions make to the outside, and lets one of them go wrong. */
export class Mishaps {
  readonly calls: string[] = [];
  mishap: Mishap | undefined;
  happened = false;
  onDeath: () => void = () => {};
  readonly #invocations = new AsyncLocalStorage<Invocation>();

  /** Runs one function invocation; rejects with `Died` when its process dies, and nothing of it runs on. */
  async invoke<T>(run: () => Promise<T>): Promise<T> {
    let die: () => void = () => {};
    const death = new Promise<never>((_, reject) => {
      die = () => reject(new Died('the process died'));
    });
    const invocation: Invocation = { dead: false, die };
    return await this.#invocations.run(invocation, () => Promise.race([run(), death]));
  }

  /** One call to the outside, as it may go wrong. */
  async call<T>(name: string, send: () => Promise<T>): Promise<T> {
    const invocation = this.#invocations.getStore();
    if (invocation === undefined) return await send();
    if (invocation.dead) return await never();
    const index = this.calls.push(name) - 1;
    const kind = this.mishap?.at === index ? this.mishap.kind : undefined;
    if (kind === undefined) {
      const answer = await send();
      return invocation.dead ? await never() : answer;
    }
    this.happened = true;
    switch (kind) {
      case 'death-before':
        return await this.#kill(invocation);
      case 'death-after':
        await send().catch(() => {});
        return await this.#kill(invocation);
      case 'timeout-after':
        await send().catch(() => {});
        throw named('TimeoutError');
      case 'throttled':
        throw named('ThrottlingException');
      case 'conflict':
        throw new TransactionCanceledException({
          message: 'Transaction cancelled',
          $metadata: {},
          CancellationReasons: [{ Code: 'TransactionConflict' }],
        });
      default:
        return kind satisfies never;
    }
  }

  /** Lets every call of an SDK client pass through here: outermost, so that the SDK does not retry what happens. */
  watch(client: Watched): void {
    client.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) =>
          this.call(commandName.replace(/Command$/, ''), () => next(args)),
      { step: 'initialize', priority: 'high', name: 'mishaps' },
    );
  }

  #kill(invocation: Invocation): Promise<never> {
    invocation.dead = true;
    this.onDeath();
    invocation.die();
    return never();
  }
}

type Next<A, R> = (args: A) => Promise<R>;
type Middleware = <A, R>(next: Next<A, R>, context: { commandName?: string }) => Next<A, R>;
type Watched = {
  readonly middlewareStack: {
    add(middleware: Middleware, options: { step: 'initialize'; priority: 'high'; name: string }): void;
  };
};

function never(): Promise<never> {
  return new Promise(() => {});
}

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}
