import { describe, expect, it } from 'vitest';
import { addDuration } from '../../../functions/domain/instant.ts';
import { sweep } from '../../../functions/use-cases/workflow/sweep.ts';
import { updateEnvironment } from '../../support/keep.ts';
import { ADMIN } from '../../use-cases/promotions/people.ts';
import { BOUNDS, sure } from '../../use-cases/promotions/stage.ts';
import { START } from '../api-world.ts';
import { entry, promotionStage } from './promotion-stage.ts';
import { ACME, STAGING } from './world.ts';

describe('a configuration that has to soak', () => {
  const soaking = async () => {
    const stage = await promotionStage();
    const { deps } = stage.world;
    const thresholds = { field: 'deployment.duration_hours', op: 'gte', value: 10 };
    const change = { gates: [{ name: 'soak', applies_to: ['config'] as const, thresholds }] };
    const about = { principal: ADMIN, name: 'production' };
    sure(await updateEnvironment(deps, { ...about, change }));
    const { id } = (await stage.ask()).body;
    /** What the sweep makes of it so long after it began. */
    const swept = async (after: string) => {
      stage.world.at(addDuration(START, after));
      expect((await sweep(deps, BOUNDS)).faults).toEqual([]);
      return (await deps.promotions.read(ACME, id))?.state;
    };
    return { ...stage, swept };
  };

  it('waits until it has been its source’s for as long, and then goes on by itself', async () => {
    const { swept } = await soaking();
    expect(await swept('PT9H')).toMatchObject({ status: 'blocked', reason_code: 'soaking' });
    expect(await swept('PT10H1M')).toMatchObject({ status: 'pending', waiting_for: 'approval' });
  });

  it('has no time there any more once the source has another', async () => {
    const { dev, swept } = await soaking();
    await dev('POST', `${STAGING}/batch`, { put: [entry('query.timeout', '90s')] });
    expect(await swept('PT20H')).toMatchObject({ status: 'blocked', reason_code: 'soak_unknown' });
  });
});
