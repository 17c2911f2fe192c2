import { beforeEach, describe, expect, it } from 'vitest';
import { CONFIG } from '../../../functions/use-cases/config/slot.ts';
import { revision } from '../../ports/samples.ts';
import { flag } from './promotion-stage.ts';
import { ACME, type ConfigWorld, configWorld, PRODUCTION, STAGING } from './world.ts';

const PROMOTION = { sourceEnvironment: 'staging', targetEnvironment: 'production', promotionType: 'FULL' };
const EVALUATE = '/ofrep/v1/evaluate/flags';

let world: ConfigWorld;
/** Production has a revision and no head, as an upgrade that lost heads leaves it. */
beforeEach(async () => {
  world = await configWorld();
  await world.as('dev')('POST', `${STAGING}/batch`, { put: [flag('a.flag')] });
  const lost = revision(1, { slot: { subject: CONFIG, environment: 'production' } });
  await world.deps.transactions.commit(ACME, [{ write: 'revision', revision: lost }]);
});

describe('an environment whose head is missing although its revisions exist', () => {
  it.each([
    ['a snapshot', 'GET', `${PRODUCTION}/snapshot`, undefined],
    ['a list', 'GET', `${PRODUCTION}/configs`, undefined],
    ['a snapshot by an alias', 'GET', '/api/v1/config/environments/prod/snapshot', undefined],
    ['one flag', 'POST', `${EVALUATE}/a.flag?environment=production`, {}],
    ['all flags', 'POST', `${EVALUATE}?environment=production`, {}],
    ['a promotion into it', 'POST', '/api/v1/config/promotions', PROMOTION],
    ['a promotion that is only tried', 'POST', '/api/v1/config/promotions?dry_run=true', PROMOTION],
    ['a comparison', 'GET', '/api/v1/config/promotions/diff?source=staging&target=production', undefined],
    ['an edit', 'PUT', `${PRODUCTION}/configs/a`, { value: 1, reason: 'by hand' }],
  ])('answers %s with 503 corrupt, and never as empty', async (_, method, path, body) => {
    const answer = await world.as('admin')(method, path, body);
    expect(answer).toMatchObject({ status: 503, body: { code: 'corrupt' } });
    expect(answer.headers['etag']).toBeUndefined();
  });

  it('leaves the other environments alone', async () => {
    expect(await world.as('dev')('GET', `${STAGING}/snapshot`)).toMatchObject({ status: 200 });
    const development = '/api/v1/config/environments/development/snapshot';
    expect(await world.as('dev')('GET', development)).toMatchObject({ status: 200, body: { revision: 0 } });
  });
});
