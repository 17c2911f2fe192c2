import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testSigner } from '../support/signer.ts';
import { type Cli, createCli, jsonOf, removeFolders } from './cli-world.ts';
import { consistencyScene } from './proof-scene.ts';

afterAll(removeFolders);

let cli: Cli;
beforeAll(async () => {
  cli = await createCli();
  await consistencyScene(cli);
});

const asked = (...more: readonly string[]) =>
  cli.as('dev')('audit', 'verify-consistency', ...more, '-o', 'json');
const verified = async (...more: readonly string[]) => jsonOf(await asked(...more));
const file = (name: string) => join(cli.home, name);
const flipped = (base64: string): string => {
  const bytes = Buffer.from(base64, 'base64');
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  return bytes.toString('base64');
};

describe('sluice audit verify-consistency', () => {
  const key = ['--key', 'log.pub'];

  it('says that the newest log begins with the one that was kept, or that any two do', async () => {
    const both = { origin: 'sluice/log/acme', first: 2, key_trusted: true };
    expect(await verified('older', 'answer.json', ...key)).toMatchObject({ ...both, second: 6 });
    const two = ['older', 'to-between.json', '--newer', 'between', ...key];
    expect(await verified(...two)).toMatchObject({ ...both, second: 4 });
    expect(await verified('older', 'answer.json')).toMatchObject({ key_trusted: false });
  });

  it('says no to a path with another byte, to the wrong path, and to another key', async () => {
    const answer = JSON.parse(await readFile(file('answer.json'), 'utf8'));
    for (let at = 0; at < answer.path.length; at += 1) {
      const path = answer.path.with(at, flipped(answer.path[at]));
      await writeFile(file('changed.json'), JSON.stringify({ ...answer, path }));
      expect(await asked('older', 'changed.json', ...key)).toMatchObject({ exit: 6 });
    }
    expect(await asked('older', 'to-between.json', ...key)).toMatchObject({ exit: 6 });
    await writeFile(file('other.pub'), await testSigner.publicKey());
    expect(await asked('older', 'answer.json', '--key', 'other.pub')).toMatchObject({ exit: 6 });
    expect(await asked('older', 'answer.json', ...key, '--older-key', 'other.pub')).toMatchObject({
      exit: 6,
    });
  });

  it('says no to a log that was cut, and to a kept checkpoint with another byte', async () => {
    const cut = ['between', 'to-between.json', '--newer', 'older', ...key];
    expect(await asked(...cut)).toMatchObject({
      exit: 6,
      err: expect.stringContaining('cut'),
    });
    const note = await readFile(file('older'), 'utf8');
    await writeFile(file('touched'), note.replace('\n2\n', '\n3\n'));
    expect(await asked('touched', 'answer.json', ...key)).toMatchObject({ exit: 6 });
  });

  it('names a file that is not what it should be', async () => {
    expect(await asked('older', 'older', ...key)).toMatchObject({ exit: 2 });
    await writeFile(file('empty.json'), '{}');
    expect(await asked('empty.json', 'answer.json', ...key)).toMatchObject({ exit: 2 });
    expect(await asked('none', 'answer.json', ...key)).toMatchObject({ exit: 2 });
  });
});
