import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCondition } from '../../functions/domain/conditions/parse-condition.ts';
import { isRefusal } from '../../functions/domain/refusal.ts';
import { demoComplete } from '../support/demo.ts';
import { bash, blocksOf, scriptOf } from '../support/guides.ts';
import { stopReplayed } from '../support/replayed-runtime.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

let runtime: Runtime;
let folder: string;

/** Runs a guide as it stands, and what is typed behind it. */
async function typed(guide: string, behind = ''): Promise<string> {
  const script = `${await scriptOf(guide)}\n${behind}`;
  const done = await bash(script, folder, { SLUICE_DATA_DIR: runtime.dataDir });
  expect(done, done.out).toMatchObject({ code: 0 });
  return done.out;
}

// In this order: what the last one asks of production would block promotions of the others.
describe.each(['lean', 'on'])('works as it stands, beside the demo %s: the guide to', (demo) => {
  beforeAll(async () => {
    [runtime, folder] = await Promise.all([
      startRuntime({ SLUICE_DEMO: demo }),
      mkdtemp(join(tmpdir(), 'sluice-guides-')),
    ]);
    if (demo === 'on') await demoComplete(runtime);
  });
  afterAll(async () => {
    await stopReplayed(runtime);
    await rm(folder, { recursive: true, force: true });
  });

  it('everything, quickly', async () => {
    const out = await typed('quick-start.md');
    expect(out).toMatch(/Verified: \d+ chains/);
    expect(out).toMatch(/^staging +v1\.2\.3-staging /m);
  });

  it('flags, and its program reads one', async () => {
    const out = await typed('flags.md', 'printf "\\nKEY %s %s\\n" "$FLAG_KEY" "$SLUICE_URL"');
    expect(out).toMatch(/^1 +staff +not met /m);
    expect(out).toMatch(/^1 +staff +decides /m);
    const [, FLAG_KEY = '', SLUICE_URL = ''] = /^KEY (\S+) (\S+)$/m.exec(out) ?? [];
    const [program = ''] = await blocksOf('flags.md', 'js');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { cwd: join(import.meta.dirname, '../..'), env: { ...process.env, FLAG_KEY, SLUICE_URL } },
    );
    expect(stdout).toBe('checkout.new is true\n');
  });

  it('rules and conditions', async () => {
    expect(await typed('rules.md')).toContain('green builds');
    const conditions = await blocksOf('rules.md', 'json');
    expect(conditions.length).toBeGreaterThan(1);
    for (const condition of conditions) expect(isRefusal(parseCondition(condition)), condition).toBe(false);
  });

  it('webhooks', async () => {
    expect(await typed('webhooks.md')).toMatch(/deploy bot +webhook +active/);
  });

  it('approvals, by command and by mail', async () => {
    const out = await typed('approvals.md');
    expect(out).toContain('the policy asks for a comment');
    expect(out).toMatch(/approved +\S+ by alice@acme.com: 20 it is/);
    expect(out).toMatch(/^approvals\.mailed$/m);
  });

  it('gates and evidence', async () => {
    const out = await typed('gates.md');
    expect(out).toContain('blocked by tests FAILED (evidence_missing)');
    expect(out.slice(out.lastIndexOf('judging gates'))).toMatch(/pending .* ✓✓/);
  });
});
