import { describe, expect, it } from 'vitest';
import { unexpected, verdictsIn } from '../support/judge-reporter.ts';
import { NOT_JUDGED } from './expected.ts';

const [listed] = NOT_JUDGED;
if (listed === undefined) throw new Error('the list is empty: take this test away');
const line = (file: string, rest: string) =>
  `/tmp/sluice-judged-1/${file.replaceAll('/', '=')}~77-1-acme.jsonl ${rest}`;

describe('what the judge says of a run', () => {
  it('fails it where something is illegitimate, and where a file is not judged that no list names', () => {
    const output = [
      line(
        'test/a.test.ts',
        'promotion/prom-0001 illegitimate: J7 0 of 1 approvals count (dev asked for it; x)',
      ),
      line('test/b.test.ts', 'promotion/prom-0002 not judged: J9 who dev is (members)'),
      line(listed.file, 'promotion/prom-0003 not judged: J9 who dev is (members)'),
      line(listed.file, 'change/4 illegitimate: J12 admin alone changed protected'),
      line('test/c.test.ts', 'promotion/prom-0004 legitimate'),
      'legitimate 1 · illegitimate 2 · not judged 2',
    ].join('\n');
    const found = verdictsIn(output);
    expect(found).toHaveLength(4);
    expect(unexpected(found)).toMatchObject([
      { file: 'test/a.test.ts', subject: 'promotion/prom-0001', verdict: 'illegitimate' },
      { file: 'test/b.test.ts', subject: 'promotion/prom-0002', verdict: 'not judged' },
      { file: listed.file, subject: 'change/4', verdict: 'illegitimate' },
    ]);
  });
});
