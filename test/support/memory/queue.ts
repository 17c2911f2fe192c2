import type { Ordered, OrderedQueue, Queue } from '../../../functions/ports/queue.ts';

/** What was sent to a queue in memory, oldest first, as it would be received. */
export type SentMessage<Message> = { readonly message: Message; readonly delay_seconds: number };

/** A queue without a consumer: `sent` shows what is in it. */
export function memoryQueue<Message>(): Queue<Message> & { readonly sent: readonly SentMessage<Message>[] } {
  const sent: SentMessage<Message>[] = [];
  return {
    sent,
    async send(messages, { delay_seconds = 0 } = {}) {
      sent.push(...messages.map((message) => ({ message: structuredClone(message), delay_seconds })));
    },
  };
}

/** An ordered queue without a consumer: `sent` shows what is in it, each message once. */
export function memoryOrderedQueue<Message>(): OrderedQueue<Message> & {
  readonly sent: readonly Ordered<Message>[];
} {
  const sent: Ordered<Message>[] = [];
  return {
    sent,
    async send(messages) {
      for (const each of messages) {
        const known = sent.some(({ group, id }) => group === each.group && id === each.id);
        if (!known) sent.push(structuredClone(each));
      }
    },
  };
}
