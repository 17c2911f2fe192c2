import { afterEach } from 'vitest';
import { isJudged } from './judged-files.ts';
import { completed, type Replayed, takeTally, written } from './written.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** How many decisions of how many promotions this test left were made again, and came out the same. */
    replayed?: Replayed;
  }
}

afterEach(async ({ task }) => {
  // Loaded where something was written: most files decide nothing.
  if (written.size > 0) await (await import('./replay-written.ts')).replayWritten();
  task.meta.replayed = takeTally();
  const directory = process.env['SLUICE_JUDGED'];
  if (completed.size > 0 && directory !== undefined && isJudged(task.file.name)) {
    await (await import('./export-completed.ts')).exportCompleted(directory, task.file.name);
  }
  completed.clear();
});
