import { beforeEach, describe, expect, it } from 'vitest';
import { BODIES } from '../../../functions/contract/examples.ts';
import { flag } from './promotion-stage.ts';
import { type ConfigWorld, configWorld, STAGING } from './world.ts';

let world: ConfigWorld;
beforeEach(async () => {
  world = await configWorld();
});
const dev = (method: string, path: string, body?: unknown) =>
  world.as('dev')(method, `${STAGING}/flags/${path}`, body);

describe('POST …/flags/{key}/evaluate', () => {
  beforeEach(async () => {
    expect(await dev('PUT', 'checkout/new', BODIES['putFlag'])).toMatchObject({ status: 200 });
  });

  it('explains the rules of the documented example, each of them', async () => {
    const explained = async (context: object) =>
      (await dev('POST', 'checkout/new/evaluate', { context: { targetingKey: 'user-1', ...context } })).body;
    const outcomes = ({ rules }: { rules: { outcome: string }[] }) => rules.map(({ outcome }) => outcome);
    const staff = await explained({ email: 'a@acme.com' });
    expect(staff).toMatchObject({
      key: 'checkout/new',
      variant: 'on',
      value: true,
      reason: 'TARGETING_MATCH',
    });
    expect(outcomes(staff)).toEqual(['decides', 'not_reached']);
    const paying = await explained({ plan: 'pro' });
    expect(paying).toMatchObject({ reason: 'SPLIT', why: expect.stringContaining('rule 2 decides') });
    expect(outcomes(paying)).toEqual(['not_met', 'decides']);
    const free = await explained({ plan: 'free' });
    expect(free).toMatchObject({
      reason: 'DEFAULT',
      variant: 'off',
      why: 'no rule is met: otherwise decides',
    });
    expect(free.rules[1]).toEqual({
      name: 'some of those who pay',
      outcome: 'not_met',
      why: 'plan in ["pro","team"]: not met, plan is "free"',
    });
  });

  it('evaluates a flag that is not saved, and saves nothing', async () => {
    const before = (await dev('GET', 'checkout/new')).body;
    const { kind: _, key: __, ...off } = flag('x', false);
    const answer = await dev('POST', 'checkout/new/evaluate', { flag: off });
    expect(answer).toMatchObject({ status: 200, body: { outcome: 'disabled', variant: null, rules: [] } });
    expect((await dev('GET', 'checkout/new')).body).toEqual(before);
    const unusable = await dev('POST', 'checkout/new/evaluate', {
      flag: { ...off, enabled: true, defaultVariant: 'x' },
    });
    expect(unusable).toMatchObject({ body: { outcome: 'unusable', why: 'there is no variant x' } });
  });

  it('answers 404 for what is no flag, and 400 for garbage', async () => {
    expect(await dev('POST', 'nothing/evaluate', {})).toMatchObject({ status: 404 });
    expect(await dev('POST', 'checkout/new/evaluate', { context: 5 })).toMatchObject({ status: 400 });
    expect(await dev('POST', 'checkout/new/evaluate', { contexts: {} })).toMatchObject({ status: 400 });
    expect(await world.as('carol')('POST', `${STAGING}/flags/checkout/new/evaluate`, {})).toMatchObject({
      status: 404,
    });
    expect(await world.as('nobody')('POST', `${STAGING}/flags/checkout/new/evaluate`, {})).toMatchObject({
      status: 403,
    });
  });

  it('leaves a flag whose key ends with the same word where it is', async () => {
    const { kind: _, key: __, ...body } = flag('x');
    expect(await dev('PUT', 'a/evaluate', body)).toMatchObject({ status: 200 });
    expect(await dev('GET', 'a/evaluate')).toMatchObject({
      status: 200,
      body: { entry: { key: 'a/evaluate' } },
    });
    expect(await dev('POST', 'a/evaluate/evaluate', {})).toMatchObject({
      status: 200,
      body: { key: 'a/evaluate' },
    });
    expect(await dev('POST', 'a/evaluate', {})).toMatchObject({ status: 404 });
    expect(await dev('POST', 'a', {})).toMatchObject({ status: 405 });
  });
});

it('targeting names what is wrong with it', async () => {
  const { kind: _, key: __, ...body } = flag('x');
  for (const [targeting, field] of [
    [{ rules: [{ variant: 'on' }] }, 'targeting.rules.0.when'],
    [{ rules: [{ when: { field: 'a', op: 'eq', value: 1 }, variant: 7 }] }, 'targeting.rules.0.variant'],
    [{ otherwise: { split: [{ variant: 'on', weight: 0.5 }] } }, 'targeting.otherwise.split.0.weight'],
    [{ other: {} }, 'targeting.other'],
  ] as const) {
    const refused = await dev('PUT', 'b', { ...body, targeting });
    expect(refused, field).toMatchObject({ status: 400 });
    expect(refused.body.detail).toContain(field);
  }
});
