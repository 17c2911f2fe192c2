import { afterEach } from 'vitest';
import { type Replayed, replayWritten, takeTally } from './replayed-stores.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** How many decisions of how many promotions this test left were made again, and came out the same. */
    replayed?: Replayed;
  }
}

afterEach(async ({ task }) => {
  await replayWritten();
  task.meta.replayed = takeTally();
});
