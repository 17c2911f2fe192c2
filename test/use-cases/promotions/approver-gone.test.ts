import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../../../functions/domain/identity/principal.ts';
import type { Deps } from '../../../functions/use-cases/deps.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { replayDecision } from '../../../functions/use-cases/promotions/replay-decision.ts';
import { schedulePromotion } from '../../../functions/use-cases/promotions/schedule.ts';
import { fallDue } from '../../../functions/use-cases/workflow/due.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import {
  createPolicy,
  deleteMachine,
  deleteMember,
  updateMachine,
  updateMember,
} from '../../support/keep.ts';
import { STORES, T0, TENANT } from '../deployments/world.ts';
import { ADMIN, ALICE, BOB, DEV, GATEWAY } from './people.ts';
import { OVER_HTTP, requested, staged, started, sure, typesOf } from './stage.ts';

const ANY = { principal: ADMIN } as const;
const change = (deps: Deps, subject: string, fields: Parameters<typeof updateMember>[1]['change']) =>
  updateMember(deps, { ...ANY, subject, change: fields });

/** Every way in which an approver stops being one. */
const WAYS: { readonly [way: string]: (deps: Deps) => Promise<unknown> } = {
  'was removed': (deps) => deleteMember(deps, { ...ANY, subject: 'alice' }),
  'was deactivated': (deps) => change(deps, 'alice', { status: 'inactive' }),
  'lost the role': (deps) => change(deps, 'alice', { roles: [{ role: 'promoter' }] }),
  'has the role elsewhere only': (deps) =>
    change(deps, 'alice', { roles: [{ role: 'approver', environment: 'staging' }] }),
};

describe.each(STORES)('an approval whose approver is gone, on $name', ({ open }) => {
  const stage = staged(open);
  const stored = async (id: string) => (await stage().deps.promotions.read(TENANT, id))?.state;
  const policy = (fields: object) =>
    createPolicy(stage().deps, {
      principal: ADMIN,
      policy: {
        name: 'more',
        environments: ['production'],
        groups: [],
        separation_of_duties: { requester: true },
        ...fields,
      },
    });
  async function twiceApproved(): Promise<string> {
    const { id } = await requested(stage());
    for (const principal of [ALICE, BOB]) {
      sure(await approvePromotion(stage().deps, { principal, id }));
    }
    sure(await executePromotion(stage().deps, { principal: DEV, id }));
    return id;
  }

  it.each(Object.entries(WAYS))('does not count at execution when the approver %s', async (_, gone) => {
    const { deps, ref } = stage();
    await policy({ required_approvers: 2 });
    const id = await twiceApproved();
    await gone(deps);
    await expect(execute(deps, ref(id))).rejects.toMatchObject({ name: 'SealBroken' });
    expect(await stored(id)).toMatchObject({
      status: 'pending',
      waiting_for: 'approval',
      reason_code: 'approver_gone',
      approvals: [{ actor: { subject: 'bob' } }],
    });
    expect(await replayDecision(deps, ref(id))).toMatchObject({ same: true });
  });

  it('is asked for again, and may be given by the same person once they are back', async () => {
    const { deps, ref } = stage();
    const id = await started(stage());
    await change(deps, 'alice', { status: 'inactive' });
    await expect(execute(deps, ref(id))).rejects.toMatchObject({ name: 'SealBroken' });
    await change(deps, 'alice', { status: 'active' });
    expect(await approvePromotion(deps, { principal: ALICE, id })).toMatchObject({ status: 'approved' });
    sure(await executePromotion(deps, { principal: DEV, id }));
    expect(await execute(deps, ref(id))).toMatchObject({ status: 'completed' });
  });

  it('does not count where the approver left a group that the policy names, though another role is left', async () => {
    const { deps, ref } = stage();
    await change(deps, 'alice', { groups: ['security', 'chess'] });
    await policy({ required_approvers: 1, groups: [{ group: 'security', min: 1 }] });
    const { id } = await requested(stage());
    const principal = { ...ALICE, groups: ['security', 'chess'] };
    sure(await approvePromotion(deps, { principal, id }));
    sure(await executePromotion(deps, { principal: DEV, id }));
    await change(deps, 'alice', { groups: ['security'] });
    await change(deps, 'alice', { groups: ['chess'] });
    await expect(execute(deps, ref(id))).rejects.toMatchObject({ name: 'SealBroken' });
    expect(await stored(id)).toMatchObject({ status: 'pending', approvals: [] });
  });

  it('counts where nothing was taken that it rests on', async () => {
    const { deps, ref } = stage();
    const id = await started(stage());
    await change(deps, 'alice', {
      roles: [{ role: 'approver', environment: 'production' }],
      groups: ['chess'],
    });
    expect(await execute(deps, ref(id))).toMatchObject({ status: 'completed' });
  });

  it.each(['deleted', 'without the role'])(
    'does not count when a machine gave it that is %s',
    async (how) => {
      const { deps, ref } = stage();
      const bot = {
        ...GATEWAY,
        subject: 'mach-bot',
        owner: 'bob',
        groups: ['bots'],
        grants: [{ role: 'approver' }] as const,
      };
      const identity = { account: '123456789012', role: 'bot', unique_id: 'AROABOT', name: 'bot' };
      const { grants, groups, owner } = bot;
      const machine = { ...identity, id: 'mach-bot', tenant: TENANT, owner, grants, groups, version: 1 };
      await stage().commit({
        write: 'machine',
        machine: { ...machine, created_at: T0, updated_at: T0 },
        expected: 0,
      });
      await policy({ required_approvers: 1, groups: [{ group: 'bots', min: 1 }] });
      const { id } = await requested(stage());
      sure(await approvePromotion(deps, { principal: bot, id }));
      sure(await executePromotion(deps, { principal: DEV, id }));
      if (how === 'deleted') sure(await deleteMachine(deps, { ...ANY, id: 'mach-bot' }));
      else
        sure(await updateMachine(deps, { ...ANY, id: 'mach-bot', change: { roles: [{ role: 'viewer' }] } }));
      await expect(execute(deps, ref(id))).rejects.toMatchObject({ name: 'SealBroken' });
      expect(await stored(id)).toMatchObject({ reason_code: 'approver_gone', approvals: [] });
    },
  );

  it('does not count when the scheduled time comes, and the time is kept', async () => {
    const { deps, ref } = stage();
    const { id } = await requested(stage());
    sure(await approvePromotion(deps, { principal: ALICE, id }));
    sure(
      await schedulePromotion(deps, {
        principal: DEV,
        id,
        at: '2026-03-01T10:00:00.000Z',
        on_missed: 'execute',
      }),
    );
    await deleteMember(deps, { ...ANY, subject: 'alice' });
    stage().advance('PT2H');
    const due = await stored(id);
    if (due === undefined) throw new Error('nothing is stored');
    await fallDue(deps, due);
    await expect(execute(deps, ref(id))).rejects.toMatchObject({ name: 'SealBroken' });
    expect(await stored(id)).toMatchObject({
      status: 'pending',
      reason_code: 'approver_gone',
      schedule: { at: '2026-03-01T10:00:00.000Z' },
    });
    expect((await deps.promotions.events(TENANT, id)).at(-1)?.actor).toEqual(SYSTEM);
  });

  it.each(Object.entries(WAYS))(
    'does not count when the approver %s between the reads and the claim',
    async (_, gone) => {
      const { deps, ref } = stage();
      const id = await started(stage(), OVER_HTTP);
      const racing = stage().interrupted(0, () => gone(deps));
      await expect(execute(racing, ref(id))).rejects.toMatchObject({ name: 'SealBroken' });
      expect(await stored(id)).toMatchObject({ status: 'pending', reason_code: 'approver_gone' });
      expect(stage().deployed).toEqual([]);
      expect(await typesOf(stage(), id)).not.toContain('ExecutionStarted');
    },
  );
});
