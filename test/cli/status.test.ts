import { afterAll, expect, it } from 'vitest';
import { createCli, jsonOf, removeFolders } from './cli-world.ts';

afterAll(removeFolders);

it('status names by their addresses who changed configuration, and who executed', async () => {
  const cli = await createCli();
  const path = '/api/v1/config/environments/staging/configs/query.timeout';
  expect((await cli.world.as('dev')('PUT', path, { value: 30 })).status).toBe(200);
  const asked = ['promote', '--key', 'query.timeout', '--to', 'production', '-o', 'json'];
  const { id } = jsonOf(await cli.as('dev')(...asked)).promotion;
  jsonOf(await cli.as('alice')('approve', id, '-o', 'json'));
  jsonOf(await cli.as('dev')('execute', id, '--wait', '-o', 'json'));
  const { out } = await cli.as('dev')('status');
  expect(out).toMatch(/^staging +config r\d+ +\S+ +dev@acme\.com/m);
  expect(out).toMatch(/^production +config r\d+ +\S+ +dev@acme\.com/m);
});
