import { beforeEach, describe, expect, it } from 'vitest';
import { as, freshWorld, JUNIT, junit, stateOf, world } from '../evidence-world.ts';

const PROMOTIONS = '/api/v1/config/promotions';
const OTHER = `sha256:${'0'.repeat(64)}`;

let path: string;

/** A config promotion to staging that waits for a report of the gate `tests`. */
beforeEach(async () => {
  await freshWorld();
  const gates = [{ name: 'tests', applies_to: ['config'] }];
  const changed = await as('admin')('PATCH', '/api/v1/environments/staging', { gates, reason: 'test' });
  expect(changed.status, JSON.stringify(changed.body)).toBe(200);
  world.at('2026-11-23T10:00:00.000Z');
  const entry = '/api/v1/config/environments/development/configs/query.timeout';
  expect((await as('dev')('PUT', entry, { value: '120s' })).status).toBeLessThan(300);
  const asked = { promotionType: 'FULL', targetEnvironment: 'staging' };
  const made = await as('dev')('POST', PROMOTIONS, asked);
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  path = `${PROMOTIONS}/${made.body.id}`;
});

const attach = (body: object, by: Parameters<typeof as>[0] = 'dev') =>
  as(by)('POST', `${path}/evidence`, body);

describe('a report below a config promotion', () => {
  it('is about what the promotion promotes, counts for its gates, and is shown in camelCase', async () => {
    expect(await stateOf(path)).toMatchObject({ status: 'blocked', reasonCode: 'evidence_missing' });
    const { subjectDigest: _, ...named } = (await attach(junit())).body;
    expect(named).toMatchObject({ gate: 'tests', format: 'junit', documentDigest: expect.any(String) });
    const { items } = (await as('dev')('GET', `${path}/evidence`)).body;
    expect(items).toMatchObject([{ ...named, attachedSeq: expect.any(Number) }]);
    expect((await stateOf(path)).status).not.toBe('blocked');
  });

  it('may say when it was made and what it is about', async () => {
    const subjectDigest = (await as('dev')('GET', `${path}/manifest`)).body.manifest.source.digest;
    const producedAt = '2026-11-23T09:00:00.000Z';
    const taken = await attach(junit(JUNIT, { subjectDigest, producedAt }));
    expect(taken).toMatchObject({
      status: 201,
      headers: { location: `${path}/evidence` },
      body: { subjectDigest, producedAt },
    });
  });

  it('is refused about something else, with the field in the casing of the API', async () => {
    expect(await attach(junit(JUNIT, { subjectDigest: OTHER }))).toMatchObject({
      status: 409,
      body: { code: 'source_mismatch', field: 'subjectDigest' },
    });
    expect(await attach(junit(JUNIT, { subject_digest: OTHER }))).toMatchObject({ status: 400 });
  });

  it('takes the role that attaches evidence; to another tenant the promotion is not there', async () => {
    expect(await attach(junit(), 'viewer')).toMatchObject({ status: 403 });
    expect(await attach(junit(), 'carol')).toMatchObject({ status: 404 });
    expect((await as('dev')('GET', `${path}/evidence`)).body.items).toEqual([]);
  });

  it('is taken once by one Idempotency-Key, whichever report comes with a second', async () => {
    const key = { 'idempotency-key': 'one' };
    const first = await as('dev')('POST', `${path}/evidence`, junit(), key);
    expect(await as('dev')('POST', `${path}/evidence`, junit(), key)).toMatchObject({
      status: 201,
      body: first.body,
    });
    expect((await as('dev')('GET', `${path}/evidence`)).body.items).toHaveLength(1);
  });
});

describe('a decision on a config promotion', () => {
  it('is made again from what was recorded, with the same digest', async () => {
    const { seq, decisionDigest } = (await as('dev')('GET', `${path}/decision`)).body;
    const replayed = await as('dev')('POST', `${path}/decision/replay`);
    expect(replayed).toMatchObject({
      status: 200,
      body: { seq, recorded: decisionDigest, replayed: decisionDigest, same: true },
    });
    await attach(junit());
    const { body } = await as('dev')('POST', `${path}/decision/replay`);
    expect(body.seq).toBeGreaterThan(seq);
    expect(await as('dev')('POST', `${path}/decision/replay?seq=${seq}`)).toMatchObject({ body: { seq } });
    expect(await as('carol')('POST', `${path}/decision/replay`)).toMatchObject({ status: 404 });
  });
});
