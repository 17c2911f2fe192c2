import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../functions/handlers/environment.ts';
import { wire, wireDriving } from '../../functions/handlers/wiring/wiring.ts';

describe('the environment of a function', () => {
  it('is what the deployment says, loopback forbidden unless said', () => {
    expect(readEnvironment({ TABLE_NAME: 't', HOME: '/' })).toEqual({ tableName: 't', allowLoopback: false });
    expect(
      readEnvironment({
        TABLE_NAME: 't',
        BUS_NAME: 'b',
        PROMOTION_STATE_MACHINE_ARN: 'arn',
        SLUICE_EGRESS_ALLOW_LOOPBACK: 'true',
        SLUICE_SLACK_API_URL: 'http://127.0.0.1:1/api',
      }),
    ).toEqual({
      tableName: 't',
      busName: 'b',
      promotionStateMachineArn: 'arn',
      allowLoopback: true,
      slackApiUrl: 'http://127.0.0.1:1/api',
    });
  });

  it.each([
    [{}, 'TABLE_NAME'],
    [{ TABLE_NAME: '' }, 'TABLE_NAME'],
    [{ TABLE_NAME: 't', BUS_NAME: '' }, 'BUS_NAME'],
    [{ TABLE_NAME: 't', SLUICE_EGRESS_ALLOW_LOOPBACK: 'yes' }, 'SLUICE_EGRESS_ALLOW_LOOPBACK'],
    [{ TABLE_NAME: 't', SLUICE_SLACK_API_URL: 'slack' }, 'SLUICE_SLACK_API_URL'],
  ])('names what is missing or malformed in %j', (variables, name) => {
    expect(() => readEnvironment(variables)).toThrow(name);
  });

  it('must name the bus and the workflow to a function that drives promotions', () => {
    const arn = { promotionStateMachineArn: 'arn:aws:states:eu-west-1:1:stateMachine:p' };
    expect(() => wireDriving({ tableName: 't', ...arn, allowLoopback: false })).toThrow('BUS_NAME');
    expect(() => wire({ tableName: 't', busName: 'b', allowLoopback: false })).toThrow(
      'PROMOTION_STATE_MACHINE_ARN',
    );
  });
});
