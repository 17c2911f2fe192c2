import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { base64Of } from '../../functions/domain/digest.ts';
import { feedLogs } from '../../functions/use-cases/transparency-log/feed.ts';
import { proveConsistency, provePromotion } from '../../functions/use-cases/transparency-log/prove.ts';
import { testNoteSigner } from '../support/signer.ts';
import { logWorld, READER, requested } from '../use-cases/transparency-log/world.ts';
import type { Scene } from './noun-scenes.ts';

/** A proof as the API answers it, and the key of its log, as files. */
export const proofScene: Scene = async (cli) => {
  const world = logWorld();
  const id = await requested(world, 'prom-1');
  await feedLogs(world, '2099-01-01T00:00:00.000Z');
  const proof = await provePromotion(world, READER, id);
  if (typeof proof !== 'string') throw new Error(proof.detail);
  await writeFile(join(cli.home, 'proof.json'), proof);
  await writeFile(join(cli.home, 'log.pub'), await testNoteSigner.publicKey());
  return ['dev', 'audit', 'verify-proof', 'proof.json', '--key', 'log.pub'];
};

/** A checkpoint that was kept, the answer that leads from it to the newest one, and the key of the log, as files. */
export const consistencyScene: Scene = async (cli) => {
  const world = logWorld();
  const keep = async (name: string, content: string) => writeFile(join(cli.home, name), content);
  const fed = async () => {
    await requested(world);
    await feedLogs(world, '2099-01-01T00:00:00.000Z');
    return (await world.logTree.read('acme'))?.head.signed?.checkpoint ?? '';
  };
  await keep('older', await fed());
  await keep('between', await fed());
  await fed();
  for (const [name, second] of [
    ['answer.json', 6],
    ['to-between.json', 4],
  ] as const) {
    const answer = await proveConsistency(world, READER, { first: 2, second });
    if ('refused' in answer) throw new Error(answer.detail);
    await keep(name, JSON.stringify({ ...answer, path: answer.path.map(base64Of) }));
  }
  await keep('log.pub', await testNoteSigner.publicKey());
  return ['dev', 'audit', 'verify-consistency', 'older', 'answer.json', '--key', 'log.pub'];
};
