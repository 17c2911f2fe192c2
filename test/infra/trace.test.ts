import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { bundleFunctions } from '../../infra/bundle.ts';
import { traceOf } from '../../infra/trace.ts';

const entry = { name: 'throws', entry: fileURLToPath(new URL('fixtures/throws.ts', import.meta.url)) };

it('turns the stack trace of a deployed bundle into positions in the sources', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-deployed-'));
  try {
    await bundleFunctions([entry], folder);
    const { handler } = await import(join(folder, 'throws/index.mjs'));
    const stack = stackOf(handler);
    expect(stack).toContain('index.mjs:');
    expect(stack).not.toContain('throws.ts');
    expect(await traceOf(entry, stack)).toMatch(/test\/infra\/fixtures\/throws\.ts:7:9/);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  }
});

it('finds positions in a chunk that was loaded on demand', async () => {
  const late = { name: 'late', entry: fileURLToPath(new URL('fixtures/throws-late.ts', import.meta.url)) };
  const folder = await mkdtemp(join(tmpdir(), 'sluice-deployed-'));
  try {
    await bundleFunctions([late], folder);
    const { handler } = await import(join(folder, 'late/index.mjs'));
    const stack = await handler();
    expect(stack).toMatch(/throws-[0-9A-F]{8}\.mjs:/);
    expect(await traceOf(late, stack)).toMatch(/test\/infra\/fixtures\/throws\.ts:7:9/);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  }
});

function stackOf(run: () => never): string {
  try {
    return run();
  } catch (error) {
    return error instanceof Error ? (error.stack ?? '') : '';
  }
}
