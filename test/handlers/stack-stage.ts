import * as z from 'zod/mini';
import { EMPTY, endpoint } from '../../functions/contract/endpoint.ts';
import { PAGE } from '../../functions/contract/fields.ts';
import { Fault } from '../../functions/domain/faults.ts';
import type { Membership } from '../../functions/domain/identity/member.ts';
import { REFUSALS, refuse } from '../../functions/domain/refusal.ts';
import { created, ok } from '../../functions/handlers/http/reply.ts';
import { route } from '../../functions/handlers/http/route.ts';
import { httpHandler, type StackDeps } from '../../functions/handlers/http/stack.ts';
import type { StoredAnswer } from '../../functions/ports/transaction.ts';
import { CONTEXT, httpEvent, type TestCall } from './event.ts';
import { testLog } from './log.ts';

export const person: Membership = {
  tenant: 'acme',
  subject: 'sub-1',
  user_id: 'user-1',
  email: 'Dev@acme.com',
  groups: [],
  grants: [{ role: 'developer' }],
  status: 'active',
  version: 1,
  created_at: '2026-11-21T00:00:00.000Z',
  updated_at: '2026-11-21T00:00:00.000Z',
};

/** A directory and an answer store of a few lines: the stack's own behaviour is at stake here, not theirs. */
export function deps(members: readonly Membership[], kept: Map<string, StoredAnswer>): StackDeps {
  const none = async () => ({ items: [] });
  return {
    clock: { now: () => '2026-11-21T09:00:00.000Z' },
    answers: { read: async (tenant, key) => kept.get(`${tenant} ${key}`) },
    directory: {
      membership: async (tenant, subject) =>
        members.find((one) => one.tenant === tenant && one.subject === subject),
      membershipsOf: async (subject) => members.filter((one) => one.subject === subject),
      named: async () => ({ members: [], machines: [] }),
      members: none,
      approvers: none,
      countMembers: async () => 0,
      countMachines: async () => 0,
      machineByIdentity: async () => undefined,
      machine: async () => undefined,
      machines: none,
      tenant: async () => undefined,
      tenants: none,
    },
  };
}

const base = { summary: 's', tag: 't', query: EMPTY, errors: [], status: [200] } as const;
const Body = z.strictObject({ name: z.string().check(z.maxLength(5)), count: z.optional(z.int()) });
const postThing = endpoint({
  ...base,
  method: 'POST',
  path: '/things',
  operation: 'postThing',
  body: Body,
  idempotent: true,
});
const verb = endpoint({ ...base, method: 'POST', path: '/things/{id}/verb', operation: 'verb', body: EMPTY });
const throwing = endpoint({
  ...base,
  method: 'POST',
  path: '/throw/{what}',
  operation: 'throwing',
  body: EMPTY,
});
const list = endpoint({
  ...base,
  method: 'GET',
  path: '/things',
  operation: 'list',
  body: EMPTY,
  query: z.strictObject({ ...PAGE, colour: z.optional(z.string()) }),
});

const fresh = () => ({ kept: new Map<string, StoredAnswer>(), made: 0, log: testLog(), members: [person] });
export const stage = fresh();

/** Before each test: nothing kept, nothing made, one member. */
export function reset(): void {
  Object.assign(stage, fresh());
}

/** What cursors are authenticated with: a secret for each tenant. */
const KEYS = { chunkingKeys: { of: async (tenant: string) => Buffer.from(tenant.padEnd(32, '.')) } };

export const routes = [
  route(postThing, async (request) => {
    stage.made += 1;
    const answer = created({ made: stage.made, ...request.body }, `/things/${stage.made}`);
    const stored = request.keeping(() => answer).answer?.(undefined);
    if (stored !== undefined) stage.kept.set(`${request.principal.tenant} ${stored.key}`, stored);
    return answer;
  }),
  route(verb, async (request) => ok({ id: request.param('id'), tenant: request.principal.tenant })),
  route(throwing, async (request) => {
    const what = request.param('what');
    const refusal = REFUSALS.find((code) => code === what);
    if (refusal !== undefined)
      return refuse(refusal, 'because', { status: 1, code: 'spoofed', missing_stages: ['s'] });
    if (what === 'Throttled' || what === 'Unavailable' || what === 'Corrupt')
      throw new Fault(what, 'secret detail');
    if (what === 'hanging') return new Promise(() => {});
    throw new Error('secret detail');
  }),
  route(list, async (request) => {
    const colour = { colour: request.query.colour };
    const page = await request.page(KEYS, colour);
    if ('refused' in page) return page;
    const found = { items: [page.limit, page.after ?? 'first'], next: 'position é' };
    return request.paged(KEYS, found, (item) => item, colour);
  }),
];

export async function call(
  one: TestCall,
): Promise<{ status: number; headers: Record<string, unknown>; body: Record<string, unknown> }> {
  const handler = httpHandler(routes, () => deps(stage.members, stage.kept), stage.log);
  const result = await handler(httpEvent({ signer: { sub: 'sub-1' }, ...one }), CONTEXT);
  return {
    status: result.statusCode ?? 0,
    headers: result.headers ?? {},
    body: JSON.parse(result.body ?? ''),
  };
}
