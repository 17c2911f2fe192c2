import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { checkOut } from '../support/checkout.ts';
import { releases } from '../support/releases.ts';
import { lossesOf, statefulOf } from '../support/stateful.ts';
import { realTemplate, templateOf } from '../support/template.ts';

const [last] = releases.released;

it('an update of the last release’s template replaces nothing that holds data, and is what stateful.json keeps', async () => {
  const { folder, remove } = await checkOut(last.commit);
  try {
    await promisify(execFile)(process.execPath, ['infra/app.ts'], {
      cwd: folder,
      env: { ...process.env, CDK_OUTDIR: 'cdk.out' },
    });
    const text = await readFile(join(folder, 'cdk.out/Sluice.template.json'), 'utf8');
    const before = statefulOf(templateOf(JSON.parse(text), ''));
    expect(lossesOf(before, statefulOf(await realTemplate()))).toEqual([]);
    const kept = JSON.parse(await readFile(new URL('stateful.json', import.meta.url), 'utf8'));
    expect(before).toEqual(kept.released.resources);
  } finally {
    await remove();
  }
});
