import { beforeEach, describe, expect, it } from 'vitest';
import { flag } from './promotion-stage.ts';
import { type ConfigWorld, configWorld, STAGING } from './world.ts';

const EVALUATE = '/ofrep/v1/evaluate/flags';
const ASKED = '?environment=staging';

let dev: ReturnType<ConfigWorld['as']>;
beforeEach(async () => {
  dev = (await configWorld()).as('dev');
  await dev('POST', `${STAGING}/batch`, { put: [flag('off.flag', false), flag('on.flag')] });
});

/** The protocol's answer for "use the default of your code": a success that says why and has no value. */
const DISABLED = { key: 'off.flag', reason: 'DISABLED', variant: '' };

describe('a disabled flag', () => {
  it('is a success without a value, so that the default of the code holds', async () => {
    expect(await dev('POST', `${EVALUATE}/off.flag${ASKED}`, { context: {} })).toMatchObject({ status: 200 });
    expect((await dev('POST', `${EVALUATE}/off.flag${ASKED}`, { context: {} })).body).toEqual(DISABLED);
  });

  it('is the same among all flags', async () => {
    const { flags } = (await dev('POST', `${EVALUATE}${ASKED}`, { context: {} })).body;
    expect(flags).toEqual([DISABLED, { key: 'on.flag', reason: 'STATIC', variant: 'on', value: true }]);
  });
});
