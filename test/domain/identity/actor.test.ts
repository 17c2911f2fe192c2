import { expect, it } from 'vitest';
import { actorOf, type Principal } from '../../../functions/domain/identity/principal.ts';

it('the record names who acts, for whom a machine does and by which way, and nothing of what they may', () => {
  const person: Principal = {
    tenant: 'acme',
    subject: 'dev',
    email: 'dev@acme.com',
    kind: 'person',
    groups: ['security'],
    grants: [{ role: 'admin' }],
  };
  const dev = { subject: 'dev', email: 'dev@acme.com', kind: 'person' };
  expect(actorOf(person)).toStrictEqual(dev);
  const via = { channel: 'link', link_id: 'link-1' } as const;
  expect(actorOf({ ...person, via })).toStrictEqual({ ...dev, via });
  const machine: Principal = { ...person, subject: 'mach-ci', email: '', kind: 'machine', owner: 'dev' };
  expect(actorOf(machine)).toStrictEqual({ subject: 'mach-ci', email: '', kind: 'machine', owner: 'dev' });
});
