import { describe, expect, it } from 'vitest';
import { actorOf } from '../../../functions/domain/identity/principal.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { createPolicy, updateMachine } from '../../support/keep.ts';
import { STORES, T0, TENANT } from '../deployments/world.ts';
import { ADMIN, ALICE, BOB, DEV, GATEWAY } from './people.ts';
import { asked as agentAsked, staged, sure, TO_PRODUCTION } from './stage.ts';

const ID = 'mach-bot';

describe.each(STORES)('a promotion that a machine requested, on $name', ({ open }) => {
  const stage = staged(open);
  const stored = async (id: string) => (await stage().deps.promotions.read(TENANT, id))?.state;
  const ownedBy = async (owner: string) => {
    sure(await updateMachine(stage().deps, { principal: ADMIN, id: ID, change: { owner } }));
  };

  /** Requested by a machine of bob's. */
  async function asked(): Promise<string> {
    const times = { created_at: T0, updated_at: T0, version: 1 };
    const identity = { account: '123456789012', role: 'bot', unique_id: 'AROABOT', name: 'bot' };
    const machine = { ...identity, id: ID, tenant: TENANT, owner: 'bob', grants: [], groups: [], ...times };
    await stage().commit({ write: 'machine', machine, expected: 0 });
    sure(
      await createPolicy(stage().deps, {
        principal: ADMIN,
        policy: { name: 'one', environments: ['production'], separation_of_duties: { requester: true } },
      }),
    );
    const bot = { ...GATEWAY, subject: ID, owner: 'bob', grants: DEV.grants };
    const request = { ...agentAsked(TO_PRODUCTION), actor: actorOf(bot) };
    return sure(await createPromotion(stage().deps, request)).state.id;
  }

  it('is not for the owner at that time to approve, whoever owns the machine by now', async () => {
    const id = await asked();
    await ownedBy('alice');
    expect(await approvePromotion(stage().deps, { principal: BOB, id })).toMatchObject({
      refused: 'separation_of_duties',
    });
  });

  it('is not for the present owner to approve', async () => {
    const id = await asked();
    await ownedBy('alice');
    expect(await approvePromotion(stage().deps, { principal: ALICE, id })).toMatchObject({
      refused: 'separation_of_duties',
      data: { relation: 'requester' },
    });
    await ownedBy('bob');
    expect(await approvePromotion(stage().deps, { principal: ALICE, id })).toMatchObject({
      status: 'approved',
    });
  });

  it('asks anew when its approver became the owner before it runs', async () => {
    const id = await asked();
    sure(await approvePromotion(stage().deps, { principal: ALICE, id }));
    sure(await executePromotion(stage().deps, { principal: DEV, id }));
    await ownedBy('alice');
    await expect(execute(stage().deps, stage().ref(id))).rejects.toMatchObject({ name: 'SealBroken' });
    expect(await stored(id)).toMatchObject({ status: 'pending', approvals: [] });
  });
});
