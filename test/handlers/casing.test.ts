import { beforeAll, describe, expect, it } from 'vitest';
import { ACME, createWorld, type World } from './api-world.ts';
import { type Furniture, furnish } from './furniture.ts';

const STAGING = '/api/v1/config/environments/staging';
const PROMOTIONS = '/api/v1/config/promotions';

let world: World;
let there: Furniture;
beforeAll(async () => {
  world = await createWorld();
  there = await furnish(world);
});
const dev = (...call: Parameters<ReturnType<World['as']>>) => world.as('dev')(...call);
const errorsOf = async (...call: Parameters<ReturnType<World['as']>>) => {
  const { status, body } = await dev(...call);
  expect(status).toBe(400);
  return [body.detail, body.errors];
};
const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:db';

describe('a field in the other casing', () => {
  it('is answered with the one that was meant, and not also as missing', async () => {
    expect(
      await errorsOf('POST', PROMOTIONS, { target_environment: 'staging', promotionType: 'FULL' }),
    ).toEqual([
      'target_environment is not known here: did you mean targetEnvironment?',
      [
        {
          field: 'target_environment',
          problem: 'is not known here: did you mean targetEnvironment?',
        },
      ],
    ]);
    const [detail] = await errorsOf('POST', '/api/v1/promotions', {
      agentId: 'a',
      targetEnvironment: 'staging',
    });
    expect(detail).toContain('did you mean');
  });

  it.each<[string, string, string, unknown, string]>([
    ['in a query', 'GET', `${PROMOTIONS}?target_environment=staging`, undefined, 'targetEnvironment'],
    [
      'in a snake_case query',
      'GET',
      '/api/v1/promotions?targetEnvironment=x',
      undefined,
      'target_environment',
    ],
    [
      'in an item of a list',
      'POST',
      `${STAGING}/batch`,
      { put: [{ kind: 'config', key: 'a', secret_ref: SECRET }] },
      'secretRef',
    ],
    [
      'in a flag',
      'PUT',
      `${STAGING}/flags/f`,
      { enabled: true, variants: {}, default_variant: 'x' },
      'defaultVariant',
    ],
    [
      'below another member',
      'POST',
      `${PROMOTIONS}/p/resubmit`,
      { selection: { promotion_type: 'FULL' } },
      'promotionType',
    ],
  ])('is found %s', async (_, method, path, body, meant) => {
    expect((await errorsOf(method, path, body))[0]).toContain(`did you mean ${meant}?`);
  });

  it('is found in what an admin keeps', async () => {
    const body = { name: 'r', sourceEnvironment: 'development', target_environment: 'staging' };
    const answer = await world.as('admin')('POST', '/api/v1/promotions/rules', body);
    expect(answer.body.detail).toBe('sourceEnvironment is not known here: did you mean source_environment?');
  });

  it('is not guessed where nothing is alike', async () => {
    expect((await errorsOf('PUT', `${STAGING}/configs/a`, { value: 1, author: 'me' }))[0]).toBe(
      'author is not known here',
    );
  });
});

describe('an error', () => {
  it('names fields in the casing of its API, in its sentence and in its members', async () => {
    const wrong = { enabled: true, variants: { on: 1 }, defaultVariant: 'x' };
    expect((await dev('PUT', `${STAGING}/flags/f`, wrong)).body.detail).toContain('defaultVariant: ');
    expect((await dev('PUT', `${STAGING}/configs/s`, { secretRef: 'hunter2' })).body.detail).toContain(
      'secretRef: ',
    );
    const skipped = await dev('POST', PROMOTIONS, {
      sourceEnvironment: 'development',
      targetEnvironment: 'production',
      promotionType: 'FULL',
    });
    expect(skipped.body).toMatchObject({ code: 'missing_stages', missingStages: ['staging'] });
    const snake = await dev('POST', '/api/v1/deployments', { agent_id: 'a', environment: 'nowhere' });
    expect(snake.body).not.toHaveProperty('missingStages');
  });

  it.each<[string, string, string, unknown, string]>([
    [
      'a missing value',
      'POST',
      `${STAGING}/batch`,
      { put: [{ kind: 'config', key: 'a' }] },
      'put.0.value is required',
    ],
    [
      'a key',
      'POST',
      `${STAGING}/batch`,
      { put: [{ kind: 'config', key: '.a', value: 1 }] },
      'put.0.key must be 1 to 256 letters',
    ],
    [
      'an unknown word',
      'POST',
      `${STAGING}/batch`,
      { put: [{ kind: 'conf', key: 'a', value: 1 }] },
      'put.0.kind must be',
    ],
    [
      'an environment',
      'GET',
      `${PROMOTIONS}/diff?source=-&target=production`,
      undefined,
      'source must be 1 to 63 letters',
    ],
    [
      'an instant',
      'POST',
      `${PROMOTIONS}/p/schedule`,
      { at: 'tomorrow' },
      'at must be an instant with an offset',
    ],
    [
      'a digest',
      'POST',
      `${PROMOTIONS}/p/approve`,
      { manifestDigest: 'x' },
      'manifestDigest must be sha256:',
    ],
  ])('says in words what is wrong with %s', async (_, method, path, body, words) => {
    const [detail, errors] = await errorsOf(method, path, body);
    expect(detail).toContain(words);
    expect(JSON.stringify(errors)).not.toMatch(/\[A-Za-z0-9|\^|\$\//);
  });
});

describe('the reads of a promotion', () => {
  it('say the same below both of its addresses, each in its casing', async () => {
    const id = there.configPromotion ?? '';
    const both = (part: string) =>
      Promise.all([
        dev('GET', `/api/v1/promotions/${id}/${part}`),
        dev('GET', `${PROMOTIONS}/${id}/${part}`),
      ]);
    const [decision, camelDecision] = await both('decision');
    expect(camelDecision.body).toEqual({
      seq: decision.body.seq,
      decision: decision.body.decision,
      decisionDigest: decision.body.decision_digest,
    });
    const [manifest, camelManifest] = await both('manifest');
    expect(camelManifest.body).toEqual({
      manifestDigest: manifest.body.manifest_digest,
      manifest: manifest.body.manifest,
    });
    const [impact, camelImpact] = await both('impact');
    const { target_moved, held_by, ...same } = impact.body;
    expect(camelImpact.body).toEqual({ ...same, targetMoved: target_moved, heldBy: held_by });
    const [approvals, camelApprovals] = await both('approvals');
    expect(camelApprovals.body.people).toEqual(approvals.body.people);
  });

  it('show the evidence about it, and a failed one can be tried again', async () => {
    const id = there.failed;
    const passed = { gate: 'tests', format: 'json', document: { passed: true } };
    const digest = (await dev('GET', `/api/v1/promotions/${id}/manifest`)).body.manifest.source.digest;
    expect((await dev('POST', '/api/v1/evidence', { ...passed, subject_digest: digest })).status).toBe(201);
    const { items, nextCursor } = (await dev('GET', `${PROMOTIONS}/${id}/evidence`)).body;
    expect(nextCursor).toBeNull();
    expect(items).toMatchObject([{ gate: 'tests', subjectDigest: digest, attachedSeq: null }]);
    const again = await dev('POST', `${PROMOTIONS}/${id}/retry`);
    expect(again, JSON.stringify(again.body)).toMatchObject({
      status: 201,
      body: { targetEnvironment: 'production' },
    });
    expect(again.headers['location']).toBe(`${PROMOTIONS}/${again.body.id}`);
    expect((await world.deps.promotions.read(ACME, again.body.id))?.state.status).toBeDefined();
  });

  it('list with nextCursor everywhere', async () => {
    for (const path of [
      `${STAGING}/revisions?limit=1`,
      `${PROMOTIONS}?limit=1`,
      `${STAGING}/configs?limit=1`,
    ]) {
      expect((await dev('GET', path)).body).toHaveProperty('nextCursor');
    }
  });

  it('take dryRun and dry_run alike', async () => {
    const ask = { targetEnvironment: 'production', promotionType: 'PATTERN', keyPatterns: ['b.*'] };
    for (const name of ['dryRun', 'dry_run']) {
      expect((await dev('POST', `${PROMOTIONS}?${name}=true`, ask)).body).toHaveProperty('wouldBe');
    }
  });
});
