import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { EgressRequest, EgressResult } from '../../functions/ports/egress.ts';
import { feedLogs } from '../../functions/use-cases/transparency-log/feed.ts';
import { provePromotion } from '../../functions/use-cases/transparency-log/prove.ts';
import { testCosigner } from '../support/cosigner.ts';
import { logWorld, READER, requested } from '../use-cases/transparency-log/world.ts';
import { createCli, jsonOf, removeFolders } from './cli-world.ts';

afterAll(removeFolders);

it('demands the cosignatures of the witnesses that are named', async () => {
  const [one, other] = [testCosigner('a.example'), testCosigner('b.example')];
  const send = async ({ body = '' }: EgressRequest): Promise<EgressResult> => ({
    ...{ result: 'answered', status: 200, headers: {}, truncated: false },
    body: one.cosign(body.slice(body.indexOf('\n\n') + 2)),
  });
  const all = [{ ...one.cosigner, url: 'https://a.example' }];
  const world = { ...logWorld(), witnesses: { all, egress: { send } } };
  const id = await requested(world);
  await feedLogs(world, '2099-01-01T00:00:00.000Z');
  const cli = await createCli();
  await writeFile(join(cli.home, 'proof.json'), String(await provePromotion(world, READER, id)));
  const verify = (...witnesses: string[]) =>
    cli.as('dev')('audit', 'verify-proof', 'proof.json', '-o', 'json', ...witnesses);
  expect(jsonOf(await verify())).toMatchObject({ ok: true, cosigned_by: [] });
  const good = await verify('--witness', one.verifierKey);
  expect([good.exit, jsonOf(good).cosigned_by]).toEqual([0, ['a.example']]);
  const missing = await verify('--witness', one.verifierKey, other.verifierKey);
  expect(missing).toMatchObject({ exit: 6, err: expect.stringContaining('b.example did not cosign') });
  const misused = await verify('--witness', 'x');
  expect(misused).toMatchObject({ exit: 2, err: expect.stringContaining('no verifier key') });
});
