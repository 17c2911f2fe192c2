import type { Table } from '../../functions/adapters/dynamodb/table.ts';
import { type Meter, meter, reset } from './metered.ts';

/** Calls that went out together, by what they ask. */
export type Round = string[];

/**
 * Counts sequential rounds of calls, the same on every machine: calls wait until nobody has more to ask, then go out together, and the
 * next ones wait until all of these were answered.
 */
export class Rounds {
  readonly rounds: Round[] = [];
  readonly meter: Meter;
  #waiting: { readonly name: string; readonly go: () => void }[] = [];
  #underWay = 0;
  #open = true;

  constructor(table: Table) {
    this.meter = meter(table);
    table.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) =>
          this.call(`${commandName.replace('Command', '')} ${placeOf(args.input)}`, () => next(args)),
      { step: 'initialize', name: 'rounds', priority: 'low' },
    );
  }

  /** Forgets what was counted. */
  reset(): void {
    this.rounds.length = 0;
    reset(this.meter);
  }

  /** One call, of the table or of another service. */
  async call<T>(name: string, send: () => Promise<T>): Promise<T> {
    await new Promise<void>((go) => {
      this.#waiting.push({ name, go });
      this.#soon();
    });
    this.#underWay += 1;
    try {
      return await send();
    } finally {
      this.#underWay -= 1;
      this.#soon();
    }
  }

  #soon(): void {
    if (!this.#open || this.#underWay > 0) return;
    this.#open = false;
    this.#later(TURNS);
  }

  #later(turns: number): void {
    setImmediate(() => {
      if (turns > 0) return this.#later(turns - 1);
      this.#open = true;
      if (this.#underWay > 0 || this.#waiting.length === 0) return;
      const together = this.#waiting;
      this.#waiting = [];
      this.rounds.push(together.map(({ name }) => name).sort());
      for (const { go } of together) go();
    });
  }
}

/** Turns of the event loop in which whoever was answered may ask on. */
const TURNS = 5;

/** Where a call of the table goes: its partition and, of one item, its sort key. */
function placeOf(input: object): string {
  const text = JSON.stringify(input);
  return Array.from(text.matchAll(/"(?:PK|SK|:pk|:partition)":\{"S":"([^"]*)"/g), ([, part]) => part).join(
    ' ',
  );
}
