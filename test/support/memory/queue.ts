import type { Queue } from '../../../functions/ports/queue.ts';

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
