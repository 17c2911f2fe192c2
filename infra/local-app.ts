/**
 * Writes the assembly that `npm start` and the tests run, into `CDK_OUTDIR`: the code and the template of `app.ts`. What takes time and
 * changes neither is left to `app.ts`: a bundle for each function, cdk-nag, and CloudFormation's validator.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleTogether, FUNCTION_ENTRIES } from './bundle.ts';

const folder = await mkdtemp(join(tmpdir(), 'sluice-bundles-'));
try {
  // The CDK takes as long to load as the functions to build.
  const [{ sluiceApp }] = await Promise.all([
    import('./sluice-app.ts'),
    bundleTogether(FUNCTION_ENTRIES, folder),
  ]);
  sluiceApp({ folder, shared: true }).synth();
} finally {
  await rm(folder, { recursive: true, force: true });
}
