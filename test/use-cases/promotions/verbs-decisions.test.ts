import { describe, expect, it } from 'vitest';
import type { ApprovalPolicy } from '../../../functions/domain/catalog/approval-policy.ts';
import { readApprovals } from '../../../functions/use-cases/promotions/approvals.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { cancelPromotion } from '../../../functions/use-cases/promotions/cancel.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { rejectPromotion } from '../../../functions/use-cases/promotions/reject.ts';
import { requestChanges } from '../../../functions/use-cases/promotions/request-changes.ts';
import { resubmitPromotion } from '../../../functions/use-cases/promotions/resubmit.ts';
import { schedulePromotion } from '../../../functions/use-cases/promotions/schedule.ts';
import { validatePromotion } from '../../../functions/use-cases/promotions/validate.ts';
import { STORES, T0, TENANT } from '../deployments/world.ts';
import { ADMIN, ALICE, BOB, DEV, VIEWER } from './people.ts';
import { requested, staged, typesOf } from './stage.ts';

const POLICY: ApprovalPolicy = {
  id: 'pol-1',
  name: 'Production',
  environments: ['production'],
  required_approvers: 2,
  groups: [{ group: 'security', min: 1 }],
  separation_of_duties: {
    requester: true,
    author: true,
    previous_promoter: true,
    evidence_producer: true,
  },
  expires_after: 'P2D',
  require_comment: true,
  version: 1,
  created_at: T0,
  updated_at: T0,
};
const SECURITY = { ...BOB, groups: ['security'] };

describe.each(STORES)('verbs on a promotion, on $name', ({ open }) => {
  const stage = staged(open);

  it('shows nothing to other tenants and to whoever may read nothing', async () => {
    const { deps } = stage();
    const { id } = await requested(stage());
    const foreign = { ...ALICE, tenant: 'globex' };
    const nobody = { ...ALICE, grants: [] };
    for (const principal of [foreign, nobody]) {
      expect(await approvePromotion(deps, { principal, id })).toMatchObject({ refused: 'not_found' });
    }
    expect(await typesOf(stage(), id)).toHaveLength(2);
  });

  it('asks separation of duties before roles, has no exemption for admins, and keeps denials', async () => {
    const { deps } = stage();
    const { id } = await requested(stage());
    const all = { ...ADMIN, ...DEV, grants: [{ role: 'admin' as const }, { role: 'approver' as const }] };
    expect(await approvePromotion(deps, { principal: DEV, id })).toMatchObject({
      refused: 'separation_of_duties',
    });
    expect(await approvePromotion(deps, { principal: all, id })).toMatchObject({
      refused: 'separation_of_duties',
    });
    expect(await rejectPromotion(deps, { principal: all, id, reason: 'mine' })).toMatchObject({
      refused: 'separation_of_duties',
    });
    expect(await approvePromotion(deps, { principal: VIEWER, id })).toMatchObject({
      refused: 'not_authorized',
      data: { required: ['approver'] },
    });
    expect(await executePromotion(deps, { principal: VIEWER, id })).toMatchObject({
      refused: 'not_authorized',
    });
    const { items } = await deps.denials.list(TENANT, { limit: 10 });
    expect(items.map(({ code, action, actor }) => `${actor.subject} ${action} ${code}`).sort()).toEqual([
      'dev approve separation_of_duties',
      'dev reject separation_of_duties',
      'victor approve not_authorized',
      'victor request_execution not_authorized',
    ]);
    expect(await typesOf(stage(), id)).toHaveLength(2);
  });

  it('counts two different people, one of them of the group, with their comments', async () => {
    const { deps } = stage();
    await stage().commit({ write: 'catalog', entry: { type: 'policy', item: POLICY }, expected: 0 });
    const { id } = await requested(stage());
    const by = (principal: typeof ALICE, comment?: string) =>
      approvePromotion(deps, { principal, id, ...(comment === undefined ? {} : { comment }) });
    expect(await by(ALICE)).toMatchObject({ refused: 'comment_required' });
    expect(await by(ALICE, 'looks good')).toMatchObject({ status: 'pending' });
    expect(await by(ALICE, 'still')).toMatchObject({
      status: 'pending',
      approvals: [{ comment: 'looks good' }],
    });
    expect(await readApprovals(deps, stage().ref(id), { limit: 10 })).toMatchObject({
      quorum: { required: 2, complete: false, groups: [{ group: 'security', min: 1, granted: 0 }] },
    });
    expect(await by(SECURITY, 'scanned')).toMatchObject({
      status: 'approved',
      approved_by: { subject: 'bob' },
    });
    expect(await by(ALICE, 'late')).toMatchObject({ refused: 'already_decided' });
  });

  it('excludes the author and the previous promoter where a policy says so', async () => {
    const { deps } = stage();
    await stage().commit({ write: 'catalog', entry: { type: 'policy', item: POLICY }, expected: 0 });
    const { id } = await requested(stage());
    const author = { ...BOB, subject: 'somebody', email: 'DEV@acme.com', groups: ['security'] };
    expect(await approvePromotion(deps, { principal: author, id, comment: 'x' })).toMatchObject({
      refused: 'separation_of_duties',
    });
    const gone = { ...deps, deployments: { ...deps.deployments, read: async () => undefined } };
    expect(await approvePromotion(gone, { principal: SECURITY, id, comment: 'x' })).toMatchObject({
      refused: 'separation_of_duties',
      data: { relation: 'unreadable' },
    });
  });

  it('approves only the manifest that was seen', async () => {
    const { deps } = stage();
    const { id, seal } = await requested(stage());
    const other = `sha256:${'0'.repeat(64)}` as const;
    expect(await approvePromotion(deps, { principal: ALICE, id, manifest_digest: other })).toMatchObject({
      refused: 'manifest_changed',
      data: { manifest_digest: seal.manifest_digest },
    });
    const { manifest_digest } = seal;
    expect(await approvePromotion(deps, { principal: ALICE, id, manifest_digest })).toMatchObject({
      status: 'approved',
    });
  });

  it('rejects for good: whatever comes then is 409 and changes nothing', async () => {
    const { deps } = stage();
    const { id } = await requested(stage());
    const reason = 'Tests not passing on staging';
    expect(await rejectPromotion(deps, { principal: ALICE, id, reason })).toMatchObject({
      status: 'rejected',
      reason,
      closed_by: 'person',
    });
    const before = await deps.promotions.read(TENANT, id);
    for (const late of [
      approvePromotion(deps, { principal: BOB, id }),
      approvePromotion(deps, { principal: DEV, id }),
      executePromotion(deps, { principal: DEV, id }),
      rejectPromotion(deps, { principal: BOB, id, reason }),
      validatePromotion(deps, { principal: DEV, id }),
      resubmitPromotion(deps, { principal: DEV, id }),
      cancelPromotion(deps, { principal: DEV, id }),
      requestChanges(deps, { principal: BOB, id, reason }),
      schedulePromotion(deps, { principal: DEV, id, at: '2026-03-02T00:00:00Z' }),
    ]) {
      expect(await late).toMatchObject({ refused: 'already_decided' });
    }
    expect(await deps.promotions.read(TENANT, id)).toEqual(before);
  });
});
