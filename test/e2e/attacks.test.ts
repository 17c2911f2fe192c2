import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, Api, until } from '../support/api.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';
import { type SignInput, signedHeaders } from '../support/runtime-sign.ts';

/** Attacks on who decides, replayed over HTTP as they were found. */

const people = '550e8400-e29b-41d4-a716-44665544000';
const [ALICE, BOB, ADMIN] = [`${people}2`, `${people}3`, `${people}4`];
const CONFIGS = '/api/v1/config/promotions';
const config = (environment: string) => `/api/v1/config/environments/${environment}`;

let runtime: Runtime;
let dev: Api;
let alice: Api;
let bob: Api;
let admin: Api;
let credential: SignInput['credential'];

beforeAll(async () => {
  runtime = await startRuntime({ SLUICE_LOCAL_CLOCK: 'adjustable' });
  const as = async (email: string) => new Api(runtime.url, await runtime.token(email));
  [dev, alice] = [await as('dev@acme.com'), await as('alice@acme.com')];
  [bob, admin] = [await as('bob@acme.com'), await as('admin@acme.com')];
  const file = await readFile(join(runtime.dataDir, 'machine-credentials.json'), 'utf8');
  const items = JSON.parse(file);
  credential = (items.items ?? items)[0];
  for (const environment of ['staging', 'production']) {
    await good(admin.post('/api/v1/gateways', { id: `gw-${environment}`, environment, driver: 'record' }));
  }
});
afterAll(() => runtime?.stop());

async function good(answer: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await answer;
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return body;
}

/** A request of the demo's machine, signed with SigV4. */
async function machine(method: string, path: string, body: object): Promise<Answer> {
  const text = JSON.stringify(body);
  const headers = await signedHeaders({ method, url: runtime.url + path, body: text, credential });
  const { host: _, ...rest } = headers;
  const answer = await fetch(runtime.url + path, { method, headers: rest, body: text });
  return { status: answer.status, headers: answer.headers, body: JSON.parse(await answer.text()) };
}

/** A deployment of an agent in staging, and what asks to promote it. */
async function promoting(agent: string): Promise<object> {
  const id = `dep-${agent}`;
  const [gateway_id, environment] = ['gw-staging', 'staging'];
  await good(dev.post('/api/v1/deployments', { id, agent_id: agent, gateway_id, environment }));
  return {
    agent_id: agent,
    source_deployment_id: id,
    target_gateway_id: 'gw-production',
    target_environment: 'production',
  };
}

const readable = (path: string) =>
  until(
    async () => (await dev.get(path)).body,
    ({ status }) => status === 'pending',
  );
const GOVERNOR = { status: 403, body: { code: 'governor' } };
const newest = async () => (await admin.get('/api/v1/audit/changes?limit=1')).body.items[0];

describe('an admin who may do everything', () => {
  it('cannot weaken, approve, execute and restore alone', async () => {
    const policy = { name: 'two eyes more', environments: ['production'], required_approvers: 2, groups: [] };
    const { id: two } = await good(admin.post('/api/v1/approval-policies', policy));
    const { id } = await good(dev.post('/api/v1/promotions', await promoting('agent-weak')));
    const path = `/api/v1/promotions/${id}`;
    await readable(path);
    const one = `/api/v1/approval-policies/${two}`;
    expect(await admin.patch(one, { required_approvers: 1 })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'reason' }] },
    });
    await good(admin.patch(one, { required_approvers: 1, reason: 'few are here' }));
    expect(await newest()).toMatchObject({
      actor: { subject: ADMIN },
      reason: 'few are here',
      weakens: [{ environment: 'production', what: 'required_approvers' }],
      unconfirmed: 'no_second_admin',
      values: { before: { required_approvers: 2 }, after: { required_approvers: 1 } },
    });
    await good(dev.post(`${path}/validate`));
    expect(await admin.post(`${path}/approve`)).toMatchObject(GOVERNOR);
    await good(alice.post(`${path}/approve`));
    expect(await admin.post(`${path}/execute`)).toMatchObject(GOVERNOR);
    // What the admin asks for within a day of it is theirs to wait with, too.
    const own = await good(admin.post('/api/v1/promotions', await promoting('agent-own')));
    await readable(`/api/v1/promotions/${own.id}`);
    await good(alice.post(`/api/v1/promotions/${own.id}/approve`));
    expect(await admin.post(`/api/v1/promotions/${own.id}/execute`)).toMatchObject(GOVERNOR);
    await good(admin.delete(`${one}?reason=over`));
  });

  it('cannot request as a machine that is bob’s for a moment, and the change is on record', async () => {
    const one = '/api/v1/principals/local-recorder';
    const roles = [{ role: 'developer' }, { role: 'recorder' }];
    await good(admin.patch(one, { owner: BOB, roles, reason: 'his now' }));
    expect((await newest()).weakens.map(({ what }: { what: string }) => what)).toContain('machine_owner');
    const made = await machine('POST', '/api/v1/promotions', await promoting('agent-machine'));
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    await readable(`/api/v1/promotions/${made.body.id}`);
    await good(admin.patch(one, { owner: ADMIN, roles: [{ role: 'recorder' }], reason: 'mine again' }));
    expect(await newest()).toMatchObject({
      target: { type: 'machine', id: 'local-recorder' },
      values: { before: { owner: BOB }, after: { owner: ADMIN } },
    });
    const refused = await admin.post(`/api/v1/promotions/${made.body.id}/approve`);
    expect(refused.status).toBe(403);
    expect(['governor', 'separation_of_duties']).toContain(refused.body.code);
    // Whose machine it was when it asked stays one person with it.
    expect(await bob.post(`/api/v1/promotions/${made.body.id}/approve`)).toMatchObject({
      status: 403,
      body: { code: 'separation_of_duties', relation: 'requester' },
    });
  });
});

describe('an approver who also develops', () => {
  const asked = async (more: object = {}): Promise<string> => {
    const full = {
      sourceEnvironment: 'staging',
      targetEnvironment: 'production',
      promotionType: 'SELECTIVE',
    };
    const keys = { keyPatterns: ['query.*'] };
    return (await good(dev.post(CONFIGS, { ...full, ...keys, ...more }))).id;
  };
  const set = (who: Api, value: string) =>
    good(who.put(`${config('staging')}/configs/query.timeout`, { value }));

  beforeAll(async () => {
    const roles = [{ role: 'developer' }, { role: 'approver' }, { role: 'promoter' }];
    await good(admin.patch(`/api/v1/members/${ALICE}`, { roles, reason: 'she develops, too' }));
  });

  it('cannot seal their own content into another’s promotion and approve it', async () => {
    const id = await asked();
    await set(alice, '7s');
    await good(alice.post(`${CONFIGS}/${id}/validate`, { refresh: true }));
    expect(await alice.post(`${CONFIGS}/${id}/approve`)).toMatchObject({
      status: 403,
      body: { code: 'separation_of_duties', relation: 'requester' },
    });
    await good(bob.post(`${CONFIGS}/${id}/reject`, { reason: 'no' }));
  });

  it('cannot set a value, have it requested, set it back and approve what they wrote', async () => {
    const duties = { requester: true, author: true };
    const policy = { name: 'authors', environments: ['production'], separation_of_duties: duties };
    const { id: authors } = await good(admin.post('/api/v1/approval-policies', policy));
    await set(alice, '8s');
    const id = await asked();
    await set(alice, '180s');
    expect(await alice.post(`${CONFIGS}/${id}/approve`)).toMatchObject({
      status: 403,
      body: { code: 'separation_of_duties', relation: 'author' },
    });
    await good(bob.post(`${CONFIGS}/${id}/approve`));
    await good(admin.delete(`/api/v1/approval-policies/${authors}?reason=over`));
  });
});

describe('a developer of production alone', () => {
  beforeAll(async () => {
    const roles = [{ role: 'developer', environment: 'production' }];
    await good(admin.patch(`/api/v1/members/${BOB}`, { roles, reason: 'production alone' }));
  });

  it('does not read staging by requesting it, by a cursor, or by retrying what is there', async () => {
    expect((await bob.get(`${config('staging')}/snapshot`)).status).toBe(403);
    const full = { sourceEnvironment: 'staging', targetEnvironment: 'production', promotionType: 'FULL' };
    for (const how of ['', '?dry_run=true']) {
      const answer = await bob.post(`${CONFIGS}${how}`, full);
      expect(answer).toMatchObject({ status: 403, body: { code: 'not_authorized' } });
      expect(JSON.stringify(answer.body)).not.toContain('gpt-4-turbo');
    }
    const page = (who: Api, name: string, more = '') => who.get(`${config(name)}/snapshot?limit=1${more}`);
    const [staging, production] = [(await page(dev, 'staging')).body, (await page(bob, 'production')).body];
    const own = Buffer.from(production.nextCursor, 'base64url').toString('latin1');
    const forged = own.replace(production.root, staging.root);
    expect(forged).not.toBe(own);
    for (const cursor of [Buffer.from(forged, 'latin1').toString('base64url'), staging.nextCursor]) {
      expect((await page(bob, 'production', `&cursor=${cursor}`)).status).toBe(400);
    }
    const to = { sourceEnvironment: 'development', targetEnvironment: 'staging', promotionType: 'FULL' };
    await good(dev.put(`${config('development')}/configs/only.here`, { value: 1 }));
    const { id } = await good(dev.post(CONFIGS, to));
    const [hidden, missing] = [`/api/v1/promotions/${id}/retry`, '/api/v1/promotions/prom-none/retry'];
    const answers = [await bob.post(hidden), await bob.post(missing)];
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(answers[0]?.body.detail).toBe(answers[1]?.body.detail.replace('prom-none', id));
  });

  it('does not unblock staging by evidence that they may bring for production', async () => {
    const gates = [{ name: 'tests', applies_to: ['agent'] }];
    await good(admin.patch('/api/v1/environments/staging', { gates, reason: 'agents are tested' }));
    const dep = {
      id: 'dep-e',
      agent_id: 'agent-e',
      gateway_id: 'gw-development',
      environment: 'development',
    };
    await good(admin.post('/api/v1/gateways', { id: 'gw-development', environment: 'development' }));
    await good(dev.post('/api/v1/deployments', dep));
    const { id } = await good(
      dev.post('/api/v1/promotions', {
        agent_id: 'agent-e',
        source_deployment_id: 'dep-e',
        target_gateway_id: 'gw-staging',
        target_environment: 'staging',
      }),
    );
    const path = `/api/v1/promotions/${id}`;
    const blocked = await until(
      async () => (await dev.get(path)).body,
      ({ status }) => status === 'blocked',
    );
    const { manifest } = await good(dev.get(`${path}/manifest`));
    const report = { gate: 'tests', format: 'json', document: { passed: true } };
    expect((await bob.post(`${path}/evidence`, report)).status).toBe(404);
    await bob.post('/api/v1/evidence', { ...report, subject_digest: manifest.source.digest });
    await good(dev.post(`${path}/validate`));
    expect((await good(dev.get(path))).blocked_by).toEqual(blocked.blocked_by);
  });
});

describe('a rollback that failed', () => {
  const HOUR = 3_600_000;
  const entry = (environment: string) => `${config(environment)}/configs/taken.back`;
  const path = (id: string) => `${CONFIGS}/${id}`;
  const status = async (id: string) => (await good(dev.get(path(id)))).status;
  const reaches = (id: string, wanted: string) =>
    until(
      () => status(id),
      (one) => one === wanted,
    );

  /** A rollback that is approved after its time, which it says it would miss: the last test here, since it moves the clock. */
  async function failed(): Promise<string> {
    await good(admin.put(entry('production'), { value: 'a text that becomes a number', reason: 'at first' }));
    await good(dev.put(entry('staging'), { value: 1 }));
    const hop = { sourceEnvironment: 'staging', targetEnvironment: 'production' };
    const made = await good(
      dev.post(CONFIGS, { ...hop, promotionType: 'PATTERN', keyPatterns: ['taken.*'], supersede: true }),
    );
    await reaches(made.id, 'pending');
    await good(alice.post(`${path(made.id)}/approve`));
    await good(dev.post(`${path(made.id)}/execute`));
    await reaches(made.id, 'completed');
    const risky = { mode: 'revert', acknowledgeRisk: true };
    const { id } = await good(dev.post(`${path(made.id)}/rollback`, risky));
    const at = new Date(Date.now() + HOUR).toISOString();
    await good(dev.post(`${path(id)}/schedule`, { at, onMissed: 'fail' }));
    await runtime.advanceClock(2 * HOUR);
    [dev, alice] = [await later('dev@acme.com'), await later('alice@acme.com')];
    await good(alice.post(`${path(id)}/approve`));
    await reaches(id, 'failed');
    return id;
  }
  const later = async (email: string) => new Api(runtime.url, await runtime.token(email));

  it('stays a rollback when it is tried again: its risk is asked, and it waits for approval', async () => {
    const id = await failed();
    const again = `/api/v1/promotions/${id}/retry`;
    expect(await dev.post(again)).toMatchObject({ status: 409, body: { code: 'risk_not_acknowledged' } });
    const retried = await good(dev.post(again, { acknowledge_risk: true }));
    expect(retried).toMatchObject({ type: 'rollback', status: 'pending', waiting_for: 'approval' });
    expect((await dev.post(`${path(retried.id)}/execute`)).status).toBe(409);
    expect((await good(dev.get(entry('production')))).entry.value).toBe(1);
    expect(await dev.post(`${path(retried.id)}/approve`)).toMatchObject({ status: 403 });
    await good(alice.post(`${path(retried.id)}/approve`));
    await good(dev.post(`${path(retried.id)}/execute`));
    await reaches(retried.id, 'completed');
    expect((await good(dev.get(entry('production')))).entry.value).toBe('a text that becomes a number');
  });
});
