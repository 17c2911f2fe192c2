import { describe, expect, it } from 'vitest';
import * as functions from '../../functions/handlers/metrics.ts';
import * as infra from '../../infra/metrics.ts';

const written: string[] = [];
const meter = functions.openMeter(
  'sluice-dev',
  (line) => void written.push(line),
  () => 1_700_000_000_000,
);

describe('metrics', () => {
  it('are one line in the embedded metric format, with the installation as their only dimension', () => {
    written.length = 0;
    meter({ sweep_faults: 2, overdue_seconds: 61 });
    expect(written.map((line) => JSON.parse(line))).toEqual([
      {
        _aws: {
          Timestamp: 1_700_000_000_000,
          CloudWatchMetrics: [
            {
              Namespace: 'Sluice',
              Dimensions: [['installation']],
              Metrics: [
                { Name: 'sweep_faults', Unit: 'Count' },
                { Name: 'overdue_seconds', Unit: 'Seconds' },
              ],
            },
          ],
        },
        installation: 'sluice-dev',
        sweep_faults: 2,
        overdue_seconds: 61,
      },
    ]);
    expect(written[0]).not.toContain('\n');
  });

  it('of zero are not written: an idle installation pays for none', () => {
    written.length = 0;
    meter({ sweep_faults: 0, overdue_seconds: 0 });
    expect(written).toEqual([]);
  });

  it('are at most twelve, and the template knows the same', () => {
    expect(Object.keys(functions.METRICS).length).toBeLessThanOrEqual(12);
    expect([...infra.METRIC_NAMES]).toEqual(Object.keys(functions.METRICS));
    expect([infra.NAMESPACE, infra.DIMENSION]).toEqual([functions.NAMESPACE, functions.DIMENSION]);
  });
});
