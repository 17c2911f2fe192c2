import { describe, expect, it } from 'vitest';
import { actorOf, type Principal, SYSTEM } from '../../../functions/domain/identity/principal.ts';
import type { Weakened } from '../../../functions/domain/promotion/governor.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { schedulePromotion } from '../../../functions/use-cases/promotions/schedule.ts';
import { fallDue } from '../../../functions/use-cases/workflow/due.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { person, STORES, TENANT } from '../deployments/world.ts';
import { ALICE, BOB, DEV } from './people.ts';
import { asked, OVER_HTTP, requested, staged, sure, TO_PRODUCTION, typesOf } from './stage.ts';

/** An admin who may do everything else too. */
const ROOT = person('root', 'admin', 'developer', 'promoter', 'approver');

describe.each(STORES)('who weakened what governs a promotion, on $name', ({ open }) => {
  const stage = staged(open);
  const stored = async (id: string) => (await stage().deps.promotions.read(TENANT, id))?.state;
  let weakenings = 0;
  async function weakened(by: Principal, more: Partial<Weakened> = {}): Promise<void> {
    weakenings += 1;
    const weakens = [{ what: 'required_approvers', kinds: ['agent'] as const }];
    const made = { seq: weakenings, at: stage().now, by: [actorOf(by)], machines: [], weakens, ...more };
    await stage().commit(
      { write: 'weakened', environment: 'production', weakened: made },
      { write: 'raise_guard', environment: 'production' },
    );
  }
  async function requestedBy(
    principal: Principal,
    request = TO_PRODUCTION,
    execution?: 'automatic',
  ): Promise<string> {
    const input = {
      ...asked(request),
      actor: actorOf(principal),
      ...(execution === undefined ? {} : { execution }),
    };
    return sure(await createPromotion(stage().deps, input)).state.id;
  }

  it('neither approves nor executes what was open then, and others do', async () => {
    const { deps, ref } = stage();
    const { id } = await requested(stage());
    stage().advance('P2D');
    await weakened(ROOT);
    expect(await approvePromotion(deps, { principal: ROOT, id })).toMatchObject({ refused: 'governor' });
    sure(await approvePromotion(deps, { principal: ALICE, id }));
    expect(await executePromotion(deps, { principal: ROOT, id })).toMatchObject({ refused: 'governor' });
    sure(await executePromotion(deps, { principal: DEV, id }));
    expect(await execute(deps, ref(id))).toMatchObject({ status: 'completed' });
  });

  it('is kept as a denial', async () => {
    const { id } = await requested(stage());
    await weakened(ROOT);
    await approvePromotion(stage().deps, { principal: ROOT, id });
    const denials = await stage().deps.denials.list(TENANT, { limit: 10 });
    expect(denials.items.map(({ code }) => code)).toContain('governor');
  });

  it.each([
    ['P0D', true],
    ['PT23H', true],
    ['PT25H', false],
  ])('does not execute what they asked for %s after it', async (later, refused) => {
    const { deps } = stage();
    await weakened(ROOT);
    stage().advance(later);
    const id = await requestedBy(ROOT);
    sure(await approvePromotion(deps, { principal: ALICE, id }));
    const answer = await executePromotion(deps, { principal: ROOT, id });
    expect('refused' in answer && answer.refused === 'governor').toBe(refused);
  });

  it('does decide on what another asked for after it, and on other kinds', async () => {
    const { deps } = stage();
    await weakened(ROOT);
    stage().advance('PT1H');
    const { id } = await requested(stage());
    await weakened(ROOT, { weakens: [{ what: 'gate:tests', kinds: ['artifact'] }] });
    expect(await approvePromotion(deps, { principal: ROOT, id })).toMatchObject({ status: 'approved' });
  });

  it('is also who confirmed it, and a machine that it bound', async () => {
    const { deps } = stage();
    const { id } = await requested(stage());
    await weakened(ROOT, { by: [actorOf(ROOT), actorOf(BOB)], machines: ['mach-bot'] });
    const bot: Principal = { ...ALICE, subject: 'mach-bot', email: '', kind: 'machine', owner: 'somebody' };
    for (const principal of [BOB, bot]) {
      expect(await approvePromotion(deps, { principal, id })).toMatchObject({ refused: 'governor' });
    }
  });

  it('loses an approval given before, at the claim, the others being kept', async () => {
    const { deps, ref } = stage();
    const { id } = await requested(stage());
    await stage().member(ROOT);
    sure(await approvePromotion(deps, { principal: ROOT, id }));
    sure(await executePromotion(deps, { principal: DEV, id }));
    const racing = stage().interrupted(0, () => weakened(ROOT));
    await expect(execute(racing, ref(id))).rejects.toMatchObject({ name: 'SealBroken' });
    expect(await stored(id)).toMatchObject({ status: 'pending', reason_code: 'governor', approvals: [] });
    sure(await approvePromotion(deps, { principal: ALICE, id }));
    sure(await executePromotion(deps, { principal: DEV, id }));
    expect(await execute(deps, ref(id))).toMatchObject({ status: 'completed' });
  });

  it('does not let it execute by itself: it waits for another person', async () => {
    const { deps, ref } = stage();
    const id = await requestedBy(DEV, OVER_HTTP, 'automatic');
    sure(await approvePromotion(deps, { principal: ALICE, id }));
    expect(await stored(id)).toMatchObject({ status: 'approved', execution_requested: SYSTEM });
    stage().advance('PT1H');
    await weakened(ROOT);
    await expect(execute(deps, ref(id))).rejects.toMatchObject({ name: 'SealBroken' });
    const held = await stored(id);
    expect(held).toMatchObject({ status: 'approved', reason_code: 'governor' });
    expect(held).not.toHaveProperty('execution_requested');
    expect(await typesOf(stage(), id)).toContain('ExecutionHeld');
    expect(await executePromotion(deps, { principal: ROOT, id })).toMatchObject({ refused: 'governor' });
    sure(await executePromotion(deps, { principal: DEV, id }));
    expect(await execute(deps, ref(id))).toMatchObject({ status: 'completed' });
    expect(stage().deployed).toHaveLength(1);
  });

  it('does not stop what another person approved since', async () => {
    const { deps, ref } = stage();
    const id = await requestedBy(DEV, TO_PRODUCTION, 'automatic');
    await weakened(ROOT);
    stage().advance('PT1H');
    sure(await approvePromotion(deps, { principal: ALICE, id }));
    expect(await execute(deps, ref(id))).toMatchObject({ status: 'completed' });
  });

  it('does not let a schedule execute it', async () => {
    const { deps, ref } = stage();
    const { id } = await requested(stage());
    sure(await approvePromotion(deps, { principal: ALICE, id }));
    const at = '2026-03-01T10:00:00.000Z';
    sure(await schedulePromotion(deps, { principal: ROOT, id, at, on_missed: 'execute' }));
    stage().advance('PT30M');
    await weakened(ROOT);
    stage().advance('PT1H');
    const due = await stored(id);
    if (due === undefined) throw new Error('nothing is stored');
    await fallDue(deps, due);
    await expect(execute(deps, ref(id))).rejects.toMatchObject({ name: 'SealBroken' });
    const held = await stored(id);
    expect(held).toMatchObject({ status: 'approved', reason_code: 'governor' });
    expect(held).not.toHaveProperty('schedule');
  });
});
