import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createVitest } from 'vitest/node';
import { type Mutant, mutated } from './mutations.ts';

/** What the process is asked: does one of these groups of tests notice the mutant? */
export interface Question {
  readonly mutant?: Mutant;
  readonly groups: readonly (readonly string[])[];
}

/** The first test that failed; absent if every test passed. */
export interface Answer {
  readonly killer?: string;
}

const root = join(import.meta.dirname, '../..');
let current: Mutant | undefined;

const vitest = await createVitest(
  'test',
  {
    config: false,
    root,
    watch: false,
    isolate: false,
    // The cache on disk would hand a mutant to later runs.
    fsModuleCache: false,
    pool: 'threads',
    maxWorkers: 1,
    bail: 1,
    // Whoever asks ends this process when an answer does not come.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    reporters: [{}],
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/seeded.ts'],
    env: {
      SLUICE_TESTS: 'test',
      SLUICE_SEED: process.env['SLUICE_SEED'] ?? '20261122',
      SLUICE_RUNS: process.env['SLUICE_RUNS'] ?? '25',
    },
  },
  {
    plugins: [
      {
        name: 'mutant',
        enforce: 'pre',
        load: (id) =>
          current !== undefined && id === join(root, current.file)
            ? mutated(readFileSync(id, 'utf8'), current)
            : undefined,
      },
    ],
  },
);

/** Makes the source of this mutant, or none, what the tests load from now on. */
function change(mutant: Mutant | undefined): void {
  for (const one of [current, mutant]) if (one) vitest.invalidateFile(join(root, one.file));
  current = mutant;
}

async function firstFailure(files: readonly string[]): Promise<string | undefined> {
  const project = vitest.getRootProject();
  const specifications = files.map((file) => project.createSpecification(join(root, file)));
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
  // The answer of a run also holds the modules of earlier ones.
  for (const module of testModules.filter(({ moduleId }) => files.includes(relative(root, moduleId)))) {
    for (const test of module.children.allTests('failed'))
      return `${module.relativeModuleId}: ${test.fullName}`;
    if (module.state() === 'failed') return `${module.relativeModuleId} does not load`;
  }
  return unhandledErrors.length > 0 ? 'an error outside of tests' : undefined;
}

async function answer({ mutant, groups }: Question): Promise<Answer> {
  change(mutant);
  for (const group of groups) {
    const killer = await firstFailure(group);
    if (killer !== undefined) return { killer };
  }
  return {};
}

process.on('message', async (question: Question) => {
  process.send?.(await answer(question));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
