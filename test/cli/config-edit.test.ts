import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { mergeThree, type Side } from '../../cli/promotions/three-way.ts';
import { type Cli, createCli, jsonOf, removeFolders } from './cli-world.ts';

afterAll(removeFolders);

const STAGING = '/api/v1/config/environments/staging';
let cli: Cli;
const dev = async (method: string, path: string, body?: unknown) => {
  const answer = await cli.world.as('dev')(method, `${STAGING}${path}`, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};
const put = (key: string, value: unknown) => dev('PUT', `/configs/${key}`, { value });
const value = async (key: string) => (await dev('GET', `/configs/${key}`)).entry.value;

/** What others write while the editor is open: just before the edit arrives, `times` times. */
function meanwhile(write: (time: number) => Promise<unknown>, times = 1): void {
  const through = cli.fetch;
  let done = 0;
  cli.fetch = async (input, init) => {
    if (String(input).endsWith('/batch') && done < times) {
      done += 1;
      await write(done);
    }
    return through(input, init);
  };
}
const edit = (script: string) => {
  cli.env['EDITOR'] = `sed -i ${script}`;
  return cli.as('dev')('config', 'edit', '--env', 'staging', '-o', 'json');
};

beforeEach(async () => {
  cli = await createCli();
  await put('query.timeout', 30);
  await put('query.options', { retries: 3, pool: { size: 10 } });
});

describe('config edit, while others write', () => {
  it('keeps what they wrote to other keys', async () => {
    meanwhile(() => put('query.limit', 5));
    expect(jsonOf(await edit('s/30/45/'))).toMatchObject({ changed: 1 });
    expect([await value('query.timeout'), await value('query.limit')]).toEqual([45, 5]);
  });

  it('merges the members of the same entry', async () => {
    meanwhile(() => put('query.options', { retries: 3, pool: { size: 10, wait: 1 }, log: true }));
    expect(jsonOf(await edit("'s/retries: 3/retries: 5/'"))).toMatchObject({ changed: 1 });
    expect(await value('query.options')).toEqual({ retries: 5, pool: { size: 10, wait: 1 }, log: true });
  });

  it('writes nothing where both changed the same, and keeps the edit', async () => {
    meanwhile(() => put('query.options', { retries: 4, pool: { size: 10 } }));
    const said = await edit("-e 's/retries: 3/retries: 5/' -e s/30/45/");
    expect(said.exit).toBe(1);
    const { error } = JSON.parse(said.out);
    expect(error).toMatchObject({ code: 'conflict', conflicts: ['query.options: retries'] });
    expect(await value('query.timeout')).toBe(30);
    const file = join(cli.home, 'sluice-edit-staging.yaml');
    expect(await readFile(file, 'utf8')).toContain('retries: 5');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('finds nothing left to write where they made the very same change', async () => {
    meanwhile(() => put('query.timeout', 45));
    expect(jsonOf(await edit('s/30/45/'))).toMatchObject({ changed: 0 });
  });

  it('conflicts over an entry that one side deletes and the other changes', async () => {
    meanwhile(() => dev('DELETE', '/configs/query.timeout'));
    expect(await edit('s/30/45/')).toMatchObject({ exit: 1 });
    await put('query.timeout', 30);
    meanwhile(() => put('query.timeout', 31));
    expect(await edit('/query.timeout/d')).toMatchObject({ exit: 1 });
    expect(await value('query.timeout')).toBe(31);
  });

  it('tries again when they write again, and gives up in the end', async () => {
    meanwhile((time) => put('query.limit', time), 3);
    expect(jsonOf(await edit('s/30/45/'))).toMatchObject({ changed: 1 });
    meanwhile((time) => put('query.limit', 10 + time), Number.POSITIVE_INFINITY);
    const lost = await edit('s/45/50/');
    expect(lost.exit).toBe(1);
    expect(JSON.parse(lost.out)).toMatchObject({ error: { code: 'precondition_failed' } });
  });
});

describe('a merge of two changes', () => {
  const json = fc.jsonValue().map((one): Side => JSON.parse(JSON.stringify(one)));

  it('takes what only one side changed, whichever side that is', () => {
    fc.assert(
      fc.property(json, json, (base, changed) => {
        expect(mergeThree(base, changed, base, 'k')).toEqual({ value: changed });
        expect(mergeThree(base, base, changed, 'k')).toEqual({ value: changed });
        expect(mergeThree(base, changed, changed, 'k')).toEqual({ value: changed });
      }),
    );
  });

  it('does not depend on who is who', () => {
    fc.assert(
      fc.property(json, json, json, (base, one, other) => {
        const sorted = (merged: object) =>
          'conflicts' in merged ? { conflicts: [...Object(merged.conflicts)].sort() } : merged;
        expect(sorted(mergeThree(base, one, other, 'k'))).toEqual(sorted(mergeThree(base, other, one, 'k')));
      }),
    );
  });

  it.each<[Side, Side, Side, object]>([
    [{ a: 1, b: 2 }, { a: 1 }, { a: 1, b: 2, c: 3 }, { value: { a: 1, c: 3 } }],
    [{ a: 1, b: 2 }, { a: 1 }, { a: 1, b: 3 }, { conflicts: ['k: b'] }],
    [[1], [1, 2], [1, 3], { conflicts: ['k'] }],
    [undefined, 1, 2, { conflicts: ['k'] }],
    [undefined, { a: 1 }, { b: 1 }, { conflicts: ['k'] }],
  ])('of %j to %j and to %j', (base, mine, theirs, merged) => {
    expect(mergeThree(base, mine, theirs, 'k')).toEqual(merged);
  });
});
