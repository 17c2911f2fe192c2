import { describe, expect, test } from 'vitest';
import { type Bench, everything } from './adapters.ts';
import { machine, membership, tenant as tenantSample } from './catalog-samples.ts';

const COMMITTED = { committed: true };
const lost = (...indices: number[]) => ({ committed: false, lost: indices });

/** Who is who: people, machines, tenants. */
export function directoryContract({ stores, tenant }: Bench): void {
  const commit = (t: string, ...writes: Parameters<ReturnType<typeof stores>['transactions']['commit']>[1]) =>
    stores().transactions.commit(t, writes);
  const directory = () => stores().directory;

  describe('a membership', () => {
    test('is written and removed at the version its writer saw', async () => {
      const t = tenant();
      const write = (version: number, expected: number) =>
        ({ write: 'membership', membership: membership(t, 'sub-1', version), expected }) as const;
      expect(await commit(t, write(1, 0))).toEqual(COMMITTED);
      expect(await commit(t, write(1, 0))).toEqual(lost(0));
      expect(await commit(t, write(2, 1))).toEqual(COMMITTED);
      expect(await directory().membership(t, 'sub-1')).toEqual(membership(t, 'sub-1', 2));
      const removal = { write: 'membership_delete', subject: 'sub-1' } as const;
      expect(await commit(t, { ...removal, expected: 1 })).toEqual(lost(0));
      expect(await commit(t, { ...removal, expected: 2 })).toEqual(COMMITTED);
      expect(await directory().membership(t, 'sub-1')).toBeUndefined();
      expect(await directory().members(t, { limit: 5 })).toEqual({ items: [] });
    });

    test('stands among the approvers while it is active and may approve somewhere', async () => {
      const [t, other] = [tenant(), tenant()];
      const approves = [{ role: 'approver', environment: 'staging' } as const];
      const write = (of: string, subject: string, version: number, more: object) => {
        const stored = { ...membership(of, subject, version), ...more };
        return commit(of, { write: 'membership', membership: stored, expected: version - 1 });
      };
      const approvers = async (limit = 10) =>
        (await everything((page) => directory().approvers(t, page), limit)).map(({ subject }) => subject);
      for (const subject of ['zoe', 'amy', 'bob']) await write(t, subject, 1, { grants: approves });
      await write(t, 'dev', 1, { grants: [{ role: 'developer' }] });
      await write(other, 'eve', 1, { grants: approves });
      for (const limit of [1, 2, 3]) expect(await approvers(limit)).toEqual(['amy', 'bob', 'zoe']);
      expect(await write(t, 'zoe', 1, { grants: [] })).toEqual(lost(0));
      expect(await approvers()).toEqual(['amy', 'bob', 'zoe']);
      await write(t, 'zoe', 2, { grants: approves, status: 'inactive' });
      await write(t, 'amy', 2, { grants: [{ role: 'viewer' }] });
      await write(t, 'dev', 2, { grants: approves, email: 'new@acme.com' });
      expect(await approvers()).toEqual(['bob', 'dev']);
      const [, dev] = (await directory().approvers(t, { limit: 2 })).items;
      expect(dev).toEqual(await directory().membership(t, 'dev'));
      const removal = { write: 'membership_delete', subject: 'bob' } as const;
      expect(await commit(t, { ...removal, expected: 2 })).toEqual(lost(0));
      expect(await approvers()).toEqual(['bob', 'dev']);
      expect(await commit(t, { ...removal, expected: 1 })).toEqual(COMMITTED);
      expect(await approvers()).toEqual(['dev']);
    });

    test('is found from the person and from the tenant', async () => {
      const [here, there] = [tenant(), tenant()];
      const person = `sub-${here}`;
      for (const t of [here, there]) {
        for (const subject of [person, 'zoe', 'amy']) {
          await commit(t, { write: 'membership', membership: membership(t, subject), expected: 0 });
        }
      }
      const of = await directory().membershipsOf(person);
      expect(of.map((each) => each.tenant).sort()).toEqual([here, there].sort());
      for (const limit of [1, 2, 3]) {
        const members = await everything((page) => directory().members(here, page), limit);
        expect(members.map(({ subject }) => subject)).toEqual(['amy', person, 'zoe']);
        expect(members.every((each) => each.tenant === here)).toBe(true);
      }
      expect(await directory().membershipsOf('nobody')).toEqual([]);
    });

    test('is read with others and machines in one batch, whoever is not there left out', async () => {
      const [t, other] = [tenant(), tenant()];
      const mine = machine(t, 'mach-1', 1, { unique_id: `AROA-${t}` });
      await commit(t, { write: 'machine', machine: mine, expected: 0 });
      for (const [at, subject] of [
        [t, 'amy'],
        [t, 'zoe'],
        [other, 'eve'],
      ] as const) {
        await commit(at, { write: 'membership', membership: membership(at, subject), expected: 0 });
      }
      const found = await directory().named(t, {
        subjects: ['zoe', 'eve', 'amy', 'zoe', 'mach-1'],
        machines: ['mach-1', 'amy', 'mach-1'],
      });
      expect(found.members.map(({ subject }) => subject).sort()).toEqual(['amy', 'zoe']);
      expect(found.machines).toEqual([mine]);
      expect(await directory().named(t, { subjects: [], machines: [] })).toEqual({
        members: [],
        machines: [],
      });
    });

    test('cannot be written by another tenant', async () => {
      const write = { write: 'membership', membership: membership(tenant(), 'sub-1'), expected: 0 } as const;
      await expect(commit(tenant(), write)).rejects.toThrow('tenant');
    });
  });

  describe('a machine', () => {
    const byIdentity = ({ account, role, unique_id }: ReturnType<typeof machine>) =>
      directory().machineByIdentity(account, role, unique_id);

    test('is found by its id and by its IAM identity', async () => {
      const t = tenant();
      const mine = machine(t, `mach-${t}`);
      expect(await commit(t, { write: 'machine', machine: mine, expected: 0 })).toEqual(COMMITTED);
      expect(await commit(t, { write: 'machine', machine: mine, expected: 0 })).toEqual(lost(0));
      expect(await directory().machine(t, mine.id)).toEqual(mine);
      expect(await byIdentity(mine)).toEqual(mine);
      for (const other of [{ account: '999999999999' }, { role: 'ci' }, { unique_id: 'AROA' }]) {
        expect(await byIdentity({ ...mine, ...other })).toBeUndefined();
      }
    });

    test('holds its identity alone, across tenants', async () => {
      const [first, second] = [tenant(), tenant()];
      const unique_id = `AROA-${first}`;
      const held = machine(first, 'mach-1', 1, { unique_id });
      await commit(first, { write: 'machine', machine: held, expected: 0 });
      for (const t of [first, second]) {
        const thief = machine(t, 'mach-2', 1, { unique_id });
        expect(await commit(t, { write: 'machine', machine: thief, expected: 0 })).toEqual(lost(0));
        expect(await directory().machine(t, 'mach-2')).toBeUndefined();
      }
      expect(await byIdentity(held)).toEqual(held);
    });

    test('frees its identity when it takes another, and when it is removed', async () => {
      const t = tenant();
      const before = machine(t, 'mach-1', 1, { unique_id: `old-${t}` });
      const after = machine(t, 'mach-1', 2, { unique_id: `new-${t}`, name: 'renamed' });
      await commit(t, { write: 'machine', machine: before, expected: 0 });
      expect(await commit(t, { write: 'machine', machine: after, expected: 1 })).toEqual(COMMITTED);
      expect(await byIdentity(before)).toBeUndefined();
      expect(await byIdentity(after)).toEqual(after);
      const heir = machine(t, 'mach-2', 1, { unique_id: before.unique_id });
      expect(await commit(t, { write: 'machine', machine: heir, expected: 0 })).toEqual(COMMITTED);
      expect(await commit(t, { write: 'machine_delete', id: 'mach-1', expected: 1 })).toEqual(lost(0));
      expect(await commit(t, { write: 'machine_delete', id: 'mach-1', expected: 2 })).toEqual(COMMITTED);
      expect(await commit(t, { write: 'machine_delete', id: 'mach-1', expected: 2 })).toEqual(lost(0));
      expect(await byIdentity(after)).toBeUndefined();
      expect(await byIdentity(heir)).toEqual(heir);
    });

    test('changes in place, under both keys', async () => {
      const t = tenant();
      const before = machine(t, `mach-${t}`);
      const after = machine(t, `mach-${t}`, 2, { grants: [] });
      await commit(t, { write: 'machine', machine: before, expected: 0 });
      expect(await commit(t, { write: 'machine', machine: after, expected: 1 })).toEqual(COMMITTED);
      expect(await commit(t, { write: 'machine', machine: after, expected: 1 })).toEqual(lost(0));
      expect(await directory().machine(t, after.id)).toEqual(after);
      expect(await byIdentity(after)).toEqual(after);
    });

    test('is listed in its tenant', async () => {
      const t = tenant();
      for (const id of ['c', 'a', 'b']) {
        const each = machine(t, id, 1, { unique_id: `${t}-${id}` });
        await commit(t, { write: 'machine', machine: each, expected: 0 });
      }
      const listed = await everything((page) => directory().machines(t, page), 2);
      expect(listed.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    });
  });

  describe('a tenant', () => {
    test('is made once, changed, and listed', async () => {
      const [a, b] = [tenant(), tenant()];
      for (const t of [a, b]) {
        const write = { write: 'tenant', tenant: tenantSample(t), expected: 0 } as const;
        expect(await commit(t, write)).toEqual(COMMITTED);
        expect(await commit(t, write)).toEqual(lost(0));
      }
      expect(await commit(a, { write: 'tenant', tenant: tenantSample(a, 2), expected: 1 })).toEqual(
        COMMITTED,
      );
      expect(await directory().tenant(a)).toEqual(tenantSample(a, 2));
      expect(await directory().tenant(tenant())).toBeUndefined();
      const listed = await everything((page) => directory().tenants(page), 1);
      expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining([a, b]));
      await expect(commit(b, { write: 'tenant', tenant: tenantSample(a, 3), expected: 2 })).rejects.toThrow(
        'tenant',
      );
    });
  });
}
