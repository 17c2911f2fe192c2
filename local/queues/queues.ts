import { AwsError } from '../aws-endpoint.ts';
import type { QueueDefinition } from '../cloudformation/queues.ts';
import type { Depth, MessageRow, MessageStore, SentMessage } from './message-store.ts';

/** The queues of a runtime: their definitions, their messages, and who waits for some. */
export class Queues {
  readonly definitions: readonly QueueDefinition[];
  readonly store: MessageStore;
  readonly #listeners = new Map<string, Set<() => void>>();

  constructor(definitions: readonly QueueDefinition[], store: MessageStore) {
    this.definitions = definitions;
    this.store = store;
  }

  /** By URL, of which only the name counts; as in SQS. Throws `QueueDoesNotExist`. */
  at(url: string): QueueDefinition {
    return this.#find((queue) => queue.name === url.split('/').at(-1));
  }

  named(name: string): QueueDefinition {
    return this.#find((queue) => queue.name === name);
  }

  /** By ARN, of a queue that the template has. */
  of(arn: string): QueueDefinition {
    return this.#find((queue) => queue.arn === arn);
  }

  send(queue: QueueDefinition, messages: readonly SentMessage[]): readonly string[] {
    const ids = this.store.send(queue, messages);
    this.changed(queue);
    return ids;
  }

  /** Tells who waits that a message may be visible earlier than they thought. */
  changed(queue: QueueDefinition): void {
    for (const listener of this.#listeners.get(queue.arn) ?? []) listener();
  }

  /** Calls `listener` at every change until the returned function is called. */
  watch(queue: QueueDefinition, listener: () => void): () => void {
    const listeners = this.#listeners.get(queue.arn) ?? new Set();
    this.#listeners.set(queue.arn, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** What an operator would look at: depths, and the dead letters themselves. */
  overview(): readonly QueueOverview[] {
    const dead = new Set(this.definitions.map(({ redrive }) => redrive?.arn));
    return this.definitions.map((queue) => ({
      name: queue.name,
      ...this.store.depth(queue),
      ...(dead.has(queue.arn) ? { dead_letters: this.store.newest(queue, 1000).map(deadLetterOf) } : {}),
    }));
  }

  #find(wanted: (queue: QueueDefinition) => boolean): QueueDefinition {
    const found = this.definitions.find(wanted);
    if (found === undefined) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return found;
  }
}

/** One queue as `GET /_local/queues` shows it. */
export type QueueOverview = Depth & {
  readonly name: string;
  readonly dead_letters?: readonly ReturnType<typeof deadLetterOf>[];
};

function deadLetterOf({ message_id, body, receives, sent_at }: MessageRow) {
  return { message_id, body, receives, sent_at: new Date(sent_at).toISOString() };
}
