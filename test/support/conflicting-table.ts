import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type AttributeValue,
  TransactionCanceledException,
  TransactionConflictException,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import type { Table } from '../../functions/adapters/dynamodb/table.ts';
import type { Tries } from './conflicts.ts';

type Times = {
  /** Milliseconds that a transaction is under way, and that every other call takes. */
  readonly hold: number;
  readonly read: number;
  readonly sleep: (milliseconds: number) => Promise<void>;
};

type Input = {
  readonly TransactItems?: readonly TransactWriteItem[];
  readonly Item?: Key;
  readonly Key?: Key;
};
type Key = Record<string, AttributeValue>;

/**
 * A table whose calls conflict as those of AWS do, before the engine has them: a transaction is under way for a while; another one that
 * touches an item of it, with a condition check too, is cancelled, and a single write of such an item is rejected. The engine serialises,
 * and never answers so. Tries are counted for whom `as` names.
 */
export class ConflictingTable {
  /** Calls that the engine has not answered yet. */
  underWay = 0;
  readonly #who = new AsyncLocalStorage<Tries>();
  readonly #held = new Set<string>();
  readonly #times: Times;

  constructor(table: Table, times: Times) {
    this.#times = times;
    table.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) =>
          this.#call(commandName.replace(/Command$/, ''), inputOf(args.input), () => next(args)),
      { step: 'initialize', name: 'conflicting' },
    );
  }

  as<T>(tries: Tries, act: () => Promise<T>): Promise<T> {
    return this.#who.run(tries, act);
  }

  async #call<T>(name: string, input: Input, send: () => Promise<T>): Promise<T> {
    const tries = this.#who.getStore();
    if (tries === undefined) return await this.#counted(send);
    switch (name) {
      case 'TransactWriteItems':
        return await this.#transact(tries, input, send);
      case 'PutItem':
      case 'UpdateItem':
      case 'DeleteItem':
        if (this.#held.has(nameOf(input.Item ?? input.Key)))
          throw new TransactionConflictException({ message: 'conflict', $metadata: {} });
        break;
      default:
        break;
    }
    await this.#times.sleep(this.#times.read);
    return await this.#counted(send);
  }

  async #transact<T>(tries: Tries, { TransactItems = [] }: Input, send: () => Promise<T>): Promise<T> {
    const names = TransactItems.map(({ Put, Update, Delete, ConditionCheck }) =>
      nameOf(Put?.Item ?? Update?.Key ?? Delete?.Key ?? ConditionCheck?.Key),
    );
    tries.tries += 1;
    if (names.some((each) => this.#held.has(each)))
      throw new TransactionCanceledException({
        message: 'conflict',
        $metadata: {},
        CancellationReasons: names.map((each) => ({
          Code: this.#held.has(each) ? 'TransactionConflict' : 'None',
        })),
      });
    for (const each of names) this.#held.add(each);
    try {
      await this.#times.sleep(this.#times.hold);
      const answer = await this.#counted(send);
      tries.committed += 1;
      return answer;
    } finally {
      for (const each of names) this.#held.delete(each);
    }
  }

  async #counted<T>(send: () => Promise<T>): Promise<T> {
    this.underWay += 1;
    try {
      return await send();
    } finally {
      this.underWay -= 1;
    }
  }
}

const nameOf = (key: Key | undefined): string => `${key?.['PK']?.S} ${key?.['SK']?.S}`;

const inputOf = (input: object): Input => input;
