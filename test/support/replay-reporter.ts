import type { Reporter } from 'vitest/node';

/** Says at the end of a run how many decisions its tests produced: all were made again after their test, which fails if one differs. */
export const replayReporter: Reporter = {
  onTestRunEnd(modules) {
    let [promotions, decisions, files] = [0, 0, 0];
    for (const module of modules) {
      let own = 0;
      for (const test of module.children.allTests()) {
        const { replayed } = test.meta();
        own += replayed?.decisions ?? 0;
        promotions += replayed?.promotions ?? 0;
      }
      decisions += own;
      if (own > 0) files += 1;
    }
    if (decisions === 0) return;
    console.log(`\n Replayed ${decisions} decisions on ${promotions} promotions of ${files} test files`);
  },
};
