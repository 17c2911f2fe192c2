import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addDuration } from '../../functions/domain/instant.ts';
import { canonicalJson } from '../../functions/domain/jcs.ts';
import { times } from '../support/length.ts';
import { createWorld, START, type World } from './api-world.ts';
import { admitAll, type Furniture, furnish } from './furniture.ts';
import { operations } from './operations.ts';

const CONFIG = '/api/v1/config/environments/acme-only';

type Moment = { readonly there: Furniture; readonly pick: number; readonly n: number };

/** What can change what is answered with an entity tag. A refusal changes nothing. */
const ACTS: { readonly [name: string]: (world: World, at: Moment) => Promise<unknown> } = {
  // Back to an earlier value: the same content under another revision.
  edit: (world, { pick }) => world.as('dev')('PUT', `${CONFIG}/configs/setting`, { value: pick }),
  'edit beside it': (world, { pick }) => world.as('dev')('PUT', `${CONFIG}/configs/other`, { value: pick }),
  'edit a flag': (world, { pick }) =>
    world.as('dev')('PUT', `${CONFIG}/flags/setting`, {
      ...{ enabled: pick > 0, variants: { on: 1 }, defaultVariant: 'on' },
    }),
  'let time pass': async (world, { pick }) =>
    world.at(addDuration(world.deps.clock.now(), ['PT1M', 'P1D', 'P30D'][pick] ?? 'PT1S')),
  lock: (world) => world.as('admin')('POST', '/api/v1/environments/acme-only/lock', { reason: 'l' }),
  unlock: (world) => world.as('admin')('DELETE', '/api/v1/environments/acme-only/lock?reason=over'),
  'lock all': (world) => world.as('admin')('POST', '/api/v1/environments/*/lock', { reason: 'l' }),
  'unlock all': (world) => world.as('admin')('DELETE', '/api/v1/environments/*/lock?reason=over'),
  approve: (world, { there }) => world.as('alice')('POST', `/api/v1/promotions/${there.promotion}/approve`),
  'take approvers away': (world, { pick }) =>
    world.as('admin')('PATCH', '/api/v1/members/alice', {
      ...{ roles: pick === 0 ? [] : [{ role: 'approver' }], reason: 'r' },
    }),
  'end a version': (world, { pick }) =>
    world.as('admin')('PUT', '/api/v1/artifacts/platform/versions/v1.0.0/lifecycle', {
      ...{ deprecated_at: addDuration(START, `P${pick + 1}D`), eol_at: addDuration(START, 'P40D') },
    }),
};

it('an entity tag never hides what an answer would show: the same tag, the same bytes', async () => {
  const acts = fc.array(
    fc.record({ act: fc.constantFrom(...Object.keys(ACTS)), pick: fc.integer({ min: 0, max: 2 }) }),
    { minLength: 4, maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(acts, async (chosen) => {
      const world = await createWorld();
      const there = await furnish(world);
      await admitAll(world);
      const asked = operations(there).filter(
        ({ endpoint }) => endpoint.method === 'GET' || endpoint.operation === 'evaluateFlags',
      );
      const seen = new Map<string, string>();
      const tagged = new Set<string>();
      const look = async () => {
        for (const { endpoint, path, body } of asked) {
          if (endpoint.open) continue;
          const answer = await world.as('admin')(endpoint.method, path, body);
          const { etag } = answer.headers;
          if (typeof etag !== 'string') continue;
          tagged.add(endpoint.operation);
          // The instant of an answer is all that a weak tag leaves out.
          const { as_of: _, ...rest } = answer.body;
          const said = canonicalJson(etag.startsWith('W/') ? rest : answer.body);
          const before = seen.get(`${path} ${etag}`);
          if (before !== undefined) expect(said, `${endpoint.operation} ${etag}`).toBe(before);
          seen.set(`${path} ${etag}`, said);
          const again = await world.as('admin')(endpoint.method, path, body, { 'if-none-match': etag });
          if (again.status === 304) expect(again.headers['etag']).toBe(etag);
        }
      };
      await look();
      for (const [n, { act, pick }] of chosen.entries()) {
        await ACTS[act]?.(world, { there, pick, n });
        await look();
      }
      expect([...tagged]).toEqual(expect.arrayContaining(['getConfig', 'getOverview', 'evaluateFlags']));
      expect(tagged.size).toBeGreaterThan(12);
    }),
    { numRuns: times(4, 60) },
  );
}, 600_000);
