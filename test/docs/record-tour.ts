/** `npm run tour`: runs the quick start as it stands against a new runtime, and keeps it as the picture that the README shows. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bash, scriptOf } from '../support/guides.ts';
import { startRuntime } from '../support/runtime.ts';
import { marked, stepsIn, svgOf } from '../support/tour.ts';

const [runtime, folder] = await Promise.all([startRuntime(), mkdtemp(join(tmpdir(), 'sluice-tour-'))]);
try {
  const script = marked(await scriptOf('quick-start.md'));
  const { code, out } = await bash(script, folder, { SLUICE_DATA_DIR: runtime.dataDir });
  if (code !== 0) throw new Error(`the tour ended with ${code}:\n${out}`);
  const file = join(import.meta.dirname, '../../docs/tour.svg');
  await writeFile(
    file,
    svgOf(stepsIn(out.replaceAll(folder, '~').replaceAll(runtime.url, 'http://localhost:8888'))),
  );
  process.stdout.write(`${file}\n`);
} finally {
  await runtime.stop();
  await rm(folder, { recursive: true, force: true });
}
