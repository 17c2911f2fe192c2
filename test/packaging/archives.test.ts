import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { type PackedFile, tgz, zip } from '../../packaging/archives.ts';

const run = promisify(execFile);
const file = (name: string, text: string, executable = false): PackedFile => ({
  ...{ name, contents: Buffer.from(text), executable },
});
const FILES = [
  file('package/package.json', '{"name":"a","version":"1.0.0"}'),
  file('package/run.mjs', 'export {};\n', true),
  file(`package/${'long-'.repeat(22)}/${'name-'.repeat(10)}.txt`, 'é'),
];

describe('an archive of a release', () => {
  it.each([
    ['.tgz', tgz],
    ['.zip', zip],
  ] as const)('has the same bytes whatever the order and the time zone: %s', async (_, archive) => {
    const one = Buffer.from(await archive(FILES));
    const before = process.env['TZ'];
    process.env['TZ'] = 'Pacific/Kiritimati';
    const other = Buffer.from(await archive(FILES.toReversed()));
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
    expect(other.equals(one)).toBe(true);
  });

  it('is a package to npm, with modes and long names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-archive-'));
    await writeFile(join(folder, 'a.tgz'), await tgz(FILES));
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', join(folder, 'a.tgz')]);
    const [listed] = JSON.parse(stdout);
    expect(listed).toMatchObject({ name: 'a', version: '1.0.0' });
    expect(listed.files.map(({ path, mode }: { path: string; mode: number }) => [path, mode])).toEqual([
      [`${'long-'.repeat(22)}/${'name-'.repeat(10)}.txt`, 0o644],
      ['package.json', 0o644],
      ['run.mjs', 0o755],
    ]);
  });

  it('keeps every byte in a ZIP', () => {
    const bytes = Object.entries(unzipSync(zip(FILES)));
    expect(bytes.map(([name, contents]) => [name, Buffer.from(contents).toString()])).toEqual(
      FILES.map(({ name, contents }) => [name, Buffer.from(contents).toString()]).toSorted(),
    );
  });
});
