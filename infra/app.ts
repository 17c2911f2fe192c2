import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions, FUNCTION_ENTRIES } from './bundle.ts';
import { sluiceApp } from './sluice-app.ts';

// The assembly keeps its own copy of every bundle, and two runs at once must not share a folder.
const bundles = await mkdtemp(join(tmpdir(), 'sluice-bundles-'));
try {
  await bundleFunctions(FUNCTION_ENTRIES, bundles);
  sluiceApp(bundles).synth();
} finally {
  await rm(bundles, { recursive: true, force: true });
}
