import { describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../functions/domain/identity/principal.ts';
import { ACTIONS } from '../../functions/domain/identity/roles.ts';
import { ACME, createWorld, START } from './api-world.ts';
import { furnish } from './furniture.ts';
import { operations } from './operations.ts';

/** A furnished world in which `single` has this role and nothing else. */
const worldOf = async (role: Role) => {
  const world = await createWorld();
  const there = await furnish(world);
  const membership = {
    tenant: ACME,
    subject: 'single',
    user_id: 'single',
    email: 'single@acme.com',
    groups: [],
    grants: [{ role }],
    status: 'active',
    version: 1,
    created_at: START,
    updated_at: START,
  } as const;
  await world.commit(ACME, { write: 'membership', membership, expected: 0 });
  return { world, calls: operations(there) };
};

/**
 * Every operation for every role, alone: refused exactly where the table of actions says so. A reader without a reading role is
 * told 403, or 404 where the thing itself is hidden, or an empty list of them.
 */
describe.each(ROLES)('somebody with the role %s alone', async (role) => {
  const planned = operations({
    promotion: '',
    failed: '',
    rule: '',
    policy: '',
    freeze: '',
    environment: '',
    gateway: '',
    registry: '',
    consumer: '',
    flag_key: '',
    channel: '',
    member: '',
    machine: '',
    pending: '',
    deployment: '',
    platform: '',
  }).filter(({ action }) => action !== 'none');

  const reads = new Set(
    planned.flatMap(({ endpoint }) => (endpoint.method === 'GET' ? [endpoint.operation] : [])),
  );
  // What is refused and what only reads leave it as it was; an operation that changes something gets a world of its own.
  const unchanged = worldOf(role);

  it.each(planned.map(({ endpoint, action }) => [endpoint.operation, action] as const))(
    '%s (%s)',
    async (operation, action) => {
      if (action === 'none') throw new Error(operation);
      const roles: readonly string[] = action === 'anyone' ? ROLES : ACTIONS[action];
      const expected = { denied: !roles.includes(role) };
      const changesNothing = expected.denied || reads.has(operation);
      const { world, calls } = await (changesNothing ? unchanged : worldOf(role));
      const call = calls.find(({ endpoint }) => endpoint.operation === operation);
      if (call === undefined) throw new Error(operation);
      const answer = await world.send({
        method: call.endpoint.method,
        path: call.path,
        signer: { sub: 'single' },
        ...('body' in call ? { body: call.body } : {}),
      });
      const hidden = operation === 'listAgentDeployments' && answer.body.items?.length === 0;
      const denied = answer.status === 403 || answer.status === 404 || hidden;
      expect({ denied, answer: answer.status }).toEqual({ ...expected, answer: answer.status });
      if (answer.status === 403) expect(answer.body.code).toBe('not_authorized');
    },
  );
});
