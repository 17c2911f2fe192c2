import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, type Fixture, startFixture } from './fixture.ts';

describe('a runtime of the fixture stack', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(async () => {
    expect(await fixture.stop()).toBe(0);
  });

  it('gives functions the table with its index', async () => {
    expect((await fixture.act('put', { id: 'a', value: { n: 1 } })).status).toBe(201);
    expect((await fixture.act('get', { id: 'a' })).body).toEqual({ n: 1 });
    expect((await fixture.act('index')).body).toContain('a');
  });

  it('resolves environment variables and points the SDK at itself', async () => {
    const { body } = await fixture.act('environment');
    expect(body).toMatchObject({
      TABLE_NAME: 'Table',
      BUS_NAME: 'fixture',
      MACHINE_ARN: 'arn:aws:states:us-east-1:000000000000:stateMachine:fixture',
      JOINED: 'us-east-1-b',
      CHOSEN: 'yes in aws',
      AWS_LAMBDA_FUNCTION_NAME: 'Api',
      SLUICE_EGRESS_ALLOW_LOOPBACK: 'true',
    });
    expect(body.AWS_ENDPOINT_URL_DYNAMODB).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(body.HOME).toBeUndefined();
  });

  it('invokes the seed function once, with the people', async () => {
    const { body } = await fixture.act('get', { id: 'seeded' });
    expect(body.times).toBe(1);
    expect(body.event.demo).toBe(true);
    expect(body.event.people[0]).toMatchObject({
      email: 'dev@acme.com',
      user_id: '550e8400-e29b-41d4-a716-446655440001',
      tenant_id: '550e8400-e29b-41d4-a716-446655440000',
    });
  });

  it('drives an execution that waits for its token', async () => {
    const before = Date.now();
    expect((await fixture.act('start', { id: 'e1' })).status).toBe(200);
    const task = await eventually(async () => (await fixture.act('get', { id: 'token-e1' })).body);
    expect(task.retry).toBe(0);
    expect(Date.parse(task.entered)).toBeGreaterThanOrEqual(before);
    expect((await fixture.act('wake', { id: 'e1' })).status).toBe(200);
    expect(await fixture.closed('e1')).toMatchObject({
      status: 'SUCCEEDED',
      transitions: 4,
      output: { answered: true },
    });
  });

  it('fires the schedule', async () => {
    await eventually(async () => (await fixture.act('get', { id: 'heard-schedule' })).body);
  });
});
