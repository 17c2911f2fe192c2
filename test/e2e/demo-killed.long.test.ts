import { expect, it } from 'vitest';
import { freePort } from '../../local/ports.ts';
import { until } from '../support/api.ts';
import { expectDemo } from '../support/demo.ts';
import { newDataDir, realAssembly, startRuntime } from '../support/runtime.ts';
import { launch } from '../support/runtime-process.ts';

/** The writes of the table around which a life ends, in turn: seeding takes the first ones. */
const POINTS = ['BEFORE:5', 'AFTER:9', 'AFTER:6', 'BEFORE:7', 'AFTER:4', 'AFTER:8'] as const;

it('is made once, though the process is killed again and again while the demo people act', async () => {
  const [port, dataDir, assemblyDir] = [await freePort(), await newDataDir(), await realAssembly()];
  const life = async (at: number): Promise<boolean> => {
    const [when = '', nth = ''] = (POINTS[at % POINTS.length] ?? '').split(':');
    const runtime = launch({
      PORT: String(port),
      SLUICE_DATA_DIR: dataDir,
      SLUICE_ASSEMBLY_DIR: assemblyDir,
      SLUICE_DEMO: 'on',
      [`SLUICE_LOCAL_CRASH_${when}`]: `dynamodb.TransactWriteItems:${nth}`,
    });
    let gone = false;
    void runtime.gone.then(() => {
      gone = true;
    });
    await until(
      async () => gone || runtime.output().includes('The demo is'),
      (over) => over,
    );
    expect(runtime.output()).not.toContain('not complete');
    if (gone) return true;
    runtime.child.kill('SIGKILL');
    await runtime.gone;
    return false;
  };
  let deaths = 0;
  while (await life(deaths)) deaths += 1;
  expect(deaths).toBeGreaterThan(5);
  const runtime = await startRuntime({ SLUICE_DEMO: 'on' }, { dataDir, port, assemblyDir });
  try {
    await expectDemo(runtime);
  } finally {
    await runtime.stop();
  }
});
