import { describe, expect, it } from 'vitest';
import { judgeTable, TableRefused } from '../../local/judge.ts';
import type { Functions } from '../../local/lambda/functions.ts';

type Answers = readonly object[];

/** Functions of which one judges; it answers one thing after another. */
function judging(answers: Answers) {
  const asked: unknown[] = [];
  const definition = {
    ...{ name: 'Sluice-garbage', arn: 'arn', file: 'f', exportName: 'handler', timeoutMs: 1, memoryMb: 1 },
    ...{ environment: {}, isSeed: false },
  };
  const functions: Pick<Functions, 'definitions' | 'invoke'> = {
    definitions: [{ ...definition, isJudge: true }, definition],
    async invoke(_, event) {
      asked.push(event);
      return { ok: true, payload: answers[asked.length - 1] };
    },
  };
  return { functions, asked };
}

const said = async (answers: Answers, alone = true) => {
  const { functions, asked } = judging(answers);
  const lines: string[] = [];
  await judgeTable(functions, alone, (line) => lines.push(line));
  return { lines, asked };
};
const serves = (done: boolean, moved: number) => ({ verdict: 'serve', done, format: 2, moved });

describe('a start of the local runtime', () => {
  it('prints how far a migration is, until nothing is left to move', async () => {
    const { lines, asked } = await said([serves(false, 0), serves(false, 300), serves(true, 412)]);
    expect(lines).toEqual([
      'Migrating the table to format 2: 0 items moved so far.',
      'Migrating the table to format 2: 300 items moved so far.',
      'The table has format 2 now: 412 items moved.',
    ]);
    expect(asked).toEqual([0, 1, 2].map(() => ({ migrate: true, seconds: 5, alone: true })));
  });

  it('prints nothing where nothing is to be moved, and waits for others where the table is not its own', async () => {
    const { lines, asked } = await said([serves(true, 0)], false);
    expect(lines).toEqual([]);
    expect(asked).toEqual([{ migrate: true, seconds: 5, alone: false }]);
  });

  it('ends where the table is refused', async () => {
    await expect(said([{ verdict: 'refuse', why: 'run another release' }])).rejects.toThrow(TableRefused);
  });
});
