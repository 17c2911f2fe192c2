import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { feedLogs } from '../../functions/use-cases/transparency-log/feed.ts';
import { provePromotion } from '../../functions/use-cases/transparency-log/prove.ts';
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
