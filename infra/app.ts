import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions, FUNCTION_ENTRIES } from './bundle.ts';
import { checkedApp } from './checked-app.ts';

// The assembly keeps its own copy of every bundle, and two runs at once must not share a folder.
const folder = await mkdtemp(join(tmpdir(), 'sluice-bundles-'));
try {
  await bundleFunctions(FUNCTION_ENTRIES, folder);
  checkedApp({ folder, shared: false }).synth();
} finally {
  await rm(folder, { recursive: true, force: true });
}
