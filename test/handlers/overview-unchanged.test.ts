import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { times } from '../support/length.ts';
import { ACME, createWorld, type World } from './api-world.ts';

const OVERVIEW = '/api/v1/overview';
const AGENTS = '/api/v1/promotions';
const CONFIGS = '/api/v1/config/promotions';
const PLACES = ['development', 'staging', 'production'] as const;

/** What can happen to what the overview shows. Most fail at times: a refusal changes nothing, which is looked at as well. */
const OPERATIONS: { readonly [name: string]: (world: World, at: Moment) => Promise<unknown> } = {
  edit: (world, { place, pick }) =>
    world.as('admin')('PUT', `/api/v1/config/environments/${place}/configs/key.${pick}`, {
      value: pick,
      reason: 'x',
    }),
  record: (world, { place, pick, n }) =>
    world.as('admin')('POST', '/api/v1/deployments', {
      id: `dep-${n}`,
      ...{ agent_id: `agent-${pick}`, environment: place, version: `1.${n}.0`, gateway_id: `gw-${place}` },
      ...(pick === 0 ? { status: 'PENDING' } : {}),
    }),
  report: (world, { before, status }) =>
    world.as('admin')('PATCH', `/api/v1/deployments/dep-${before}`, { status }),
  request: (world, { place, pick, before }) =>
    world.as('dev')('POST', AGENTS, {
      ...{
        agent_id: `agent-${pick}`,
        source_deployment_id: `dep-${before}`,
        target_gateway_id: `gw-${place}`,
      },
      ...{ target_environment: place, supersede: true },
    }),
  'request configuration': (world, { place }) =>
    world.as('dev')('POST', CONFIGS, { targetEnvironment: place, promotionType: 'FULL' }),
  approve: async (world) => each(world, 'alice', 'approve'),
  reject: async (world, { pick }) =>
    pick === 0 ? each(world, 'alice', 'reject', { reason: 'no' }) : undefined,
  cancel: async (world, { pick }) => (pick === 0 ? each(world, 'dev', 'cancel') : undefined),
  execute: async (world) => each(world, 'dev', 'execute'),
  'run, and it lives': async (world) => runAll(world, { outcome: 'live' }),
  'run, and it fails': async (world) => runAll(world, { outcome: 'refused', message: 'no' }),
  'run, and it takes its time': async (world) => runAll(world, { outcome: 'accepted' }),
  complete: async (world, { pick }) =>
    each(world, 'admin', pick === 0 ? 'fail' : 'complete', pick === 0 ? { error: 'no' } : {}),
  lock: (world, { place }) =>
    world.as('admin')('POST', `/api/v1/environments/${place}/lock`, { reason: 'l' }),
  unlock: (world, { place }) => world.as('admin')('DELETE', `/api/v1/environments/${place}/lock?reason=over`),
  freeze: (world, { place, now }) =>
    world.as('admin')('POST', `/api/v1/environments/${place}/freezes`, {
      reason: 'f',
      starts_at: new Date(now + 60_000).toISOString(),
      ends_at: new Date(now + 600_000).toISOString(),
    }),
  protect: (world, { place, n }) =>
    world.as('admin')('PATCH', `/api/v1/environments/${place}`, { aliases: [`alias-${n}`], reason: 'x' }),
  'make and take away': async (world, { pick }) => {
    const made = await world.as('admin')('POST', '/api/v1/environments', { name: 'extra', rank: 99 });
    if (made.status >= 300 && pick === 0) await world.as('admin')('DELETE', '/api/v1/environments/extra');
  },
  'run in it': (world, { n }) =>
    world.as('admin')('PUT', '/api/v1/config/environments/extra/configs/a', { value: n, reason: 'x' }),
  nothing: async () => {},
};

type Moment = {
  readonly place: (typeof PLACES)[number];
  readonly pick: number;
  readonly before: number;
  readonly status: string;
  readonly n: number;
  readonly now: number;
};

async function each(world: World, who: 'dev' | 'alice' | 'admin', verb: string, body: object = {}) {
  const { promotions } = (await world.as('dev')('GET', OVERVIEW)).body;
  for (const { id } of promotions) await world.as(who)('POST', `${AGENTS}/${id}/${verb}`, body);
}

async function runAll(world: World, outcome: World['outcome']) {
  world.outcome = outcome;
  const { promotions } = (await world.as('dev')('GET', OVERVIEW)).body;
  for (const { id, status } of promotions) if (status === 'executing') await world.run(id, ACME);
}

const operation = fc.record({
  name: fc.constantFrom(...Object.keys(OPERATIONS)),
  place: fc.constantFrom(...PLACES),
  pick: fc.nat(1),
  back: fc.nat(3),
  status: fc.constantFrom('DEPLOYED', 'FAILED', 'ROLLED_BACK'),
});

describe('the tag of an overview', () => {
  it('is another one whenever what it shows is, for whomever looks, and the same where nothing happened', async () => {
    const happened = new Set<string>();
    const oneRun = fc.asyncProperty(fc.array(operation, { minLength: 8, maxLength: 30 }), async (all) => {
      const world = await createWorld();
      let now = Date.parse('2026-11-21T09:00:00.000Z');
      for (const place of PLACES)
        await world.as('admin')('POST', '/api/v1/gateways', { id: `gw-${place}`, environment: place });
      const shown = new Map<string, string>();
      for (const [n, { name, back, ...moment }] of all.entries()) {
        now += 61_000;
        world.at(new Date(now).toISOString());
        await OPERATIONS[name]?.(world, { ...moment, before: Math.max(0, n - back), n, now });
        for (const who of ['dev', 'alice'] as const) {
          const { body, headers } = await world.as(who)('GET', OVERVIEW);
          const said = JSON.stringify({ ...body, as_of: '' });
          const tag = `${who} ${headers['etag']}`;
          // One tag never stood for anything else.
          expect(shown.get(tag) ?? said, `after ${name}`).toBe(said);
          if (!shown.has(tag)) happened.add(name);
          shown.set(tag, said);
          // And whoever holds an older one hears what is there now, unless that is just what it stood for.
          for (const [held, was] of shown) {
            if (!held.startsWith(`${who} `)) continue;
            const known = { 'if-none-match': held.slice(who.length + 1) };
            const { status } = await world.as(who)('GET', OVERVIEW, undefined, known);
            if (status === 304) expect(was, `304 after ${name}`).toBe(said);
          }
          const again = { 'if-none-match': String(headers['etag']) };
          expect((await world.as(who)('GET', OVERVIEW, undefined, again)).status).toBe(304);
        }
      }
    });
    await fc.assert(oneRun, { numRuns: times(25, 150) });
    // The cases are worth something: nearly everything that they try did change what is shown.
    expect(happened.size).toBeGreaterThan(10);
  });

  it('reads no head while nothing changed, also after an execution that was settled', async () => {
    const world = await createWorld();
    const [dev, admin] = [world.as('dev'), world.as('admin')];
    for (const place of PLACES)
      await admin('POST', '/api/v1/gateways', { id: `gw-${place}`, environment: place });
    await admin('PATCH', '/api/v1/gateways/gw-staging', {
      ...{ driver: 'http', endpoint: 'https://gw.acme.com/', reason: 'it moved' },
    });
    world.at('2026-11-21T09:01:00.000Z');
    const deployment = { id: 'dep-1', agent_id: 'agent-1', environment: 'development' };
    await dev('POST', '/api/v1/deployments', {
      ...deployment,
      version: '1',
      gateway_id: 'gw-development',
    });
    const asked = { agent_id: 'agent-1', source_deployment_id: 'dep-1', target_gateway_id: 'gw-staging' };
    const { id } = (await dev('POST', AGENTS, { ...asked, target_environment: 'staging' })).body;
    await dev('POST', `${AGENTS}/${id}/execute`);
    world.outcome = { outcome: 'accepted' };
    await world.run(id);
    // What is seen while a head is claimed is not kept: nothing counts when that settles.
    expect((await dev('GET', OVERVIEW)).body.subjects[0].active).toHaveLength(1);
    world.outcome = { outcome: 'live' };
    await world.run(id);
    const { body, headers } = await dev('GET', OVERVIEW);
    expect(body.subjects[0].active).toHaveLength(2);
    world.deps.heads.glance = async () => {
      throw new Error('heads were read');
    };
    const known = { 'if-none-match': String(headers['etag']) };
    expect((await dev('GET', OVERVIEW, undefined, known)).status).toBe(304);
    // Nor for somebody who sees it for the first time.
    const first = await world.as('alice')('GET', OVERVIEW);
    expect(first.status).toBe(200);
    expect(first.body.subjects).toEqual(body.subjects);
  });
});
