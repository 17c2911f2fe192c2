import { describe, expect, it } from 'vitest';
import { headChain } from '../../../functions/domain/audit/checkpoint.ts';
import { exportLine } from '../../../functions/domain/audit/export-item.ts';
import { verifyExport } from '../../../functions/domain/audit/verify.ts';
import { promotionChain } from '../../../functions/domain/promotion/evolve.ts';
import { emptyHead, swap } from '../../../functions/domain/promotion/head.ts';
import { decisionDigest } from '../../../functions/domain/promotion/judge.ts';
import type { Slot } from '../../../functions/domain/subject.ts';
import { promotionAfter } from '../../support/decider-specification.ts';
import { bob, contentOf, dev, NOON } from '../../support/promotion-facts.ts';
import { PLACES } from '../../support/promotions.ts';
import { testSigner } from '../../support/signer.ts';
import { forgedExecution, signedHeads, signedHistory } from './forged-tenant.ts';

const publicKey = await testSigner.publicKey();
const problemsOf = (lines: readonly string[]) => verifyExport(lines, publicKey).problems;

describe('verification of an execution, though every chain holds and every digest agrees,', () => {
  it('finds nothing wrong with one that was allowed', async () => {
    expect(problemsOf(await forgedExecution((events) => events))).toEqual([]);
  });

  it('names one whose decision does not allow it, as nobody approved', async () => {
    const forged = await forgedExecution((events) =>
      events.filter(({ event }) => event.type !== 'ApprovalGranted'),
    );
    expect(problemsOf(forged)).toEqual([
      {
        item: expect.stringMatching(/^promotion\/prom-1 event \d+$/),
        problem: 'executes by a decision that does not allow it',
      },
    ]);
  });

  it('names one without the approvals it needs, also where its decision rests on a report that is not there', async () => {
    const { events } = promotionAfter(...PLACES.completed);
    const unread = {
      name: 'tests',
      required: true,
      mode: 'block',
      status: 'PASSED',
      reason_code: 'ok',
    } as const;
    const forged = events
      .filter(({ event }) => event.type !== 'ApprovalGranted')
      .map(({ event, actor }) => {
        if (event.type !== 'ExecutionStarted') return { event, actor };
        const decision = { ...event.decision, gates: [{ ...unread, evidence: [contentOf('lost')] }] };
        return { actor, event: { ...event, decision, decision_digest: decisionDigest(decision) } };
      });
    expect(problemsOf(await signedHistory(forged))).toContainEqual({
      item: expect.stringMatching(/^promotion\/prom-1 event \d+$/),
      problem: "executes with 0 of 1 approvals on record, or without a group's",
    });
  });

  it.each([
    ['policy', 'policy_digest'],
    ['manifest', 'manifest_digest'],
  ])('names a seal whose digest is not that of its %s', async (what, member) => {
    const forged = await forgedExecution((events) =>
      events.map(({ event, actor }) => {
        if (event.type !== 'PromotionAssessed') return { event, actor };
        const { seal } = event;
        const other = contentOf('another');
        const requirements = { ...seal.requirements, ...(what === 'policy' ? { [member]: other } : {}) };
        const sealed = { ...seal, requirements, ...(what === 'manifest' ? { [member]: other } : {}) };
        return { actor, event: { ...event, seal: sealed } };
      }),
    );
    expect(problemsOf(forged)).toContainEqual({
      item: expect.stringMatching(/^promotion\/prom-1 event \d+$/),
      problem: `names a ${what} digest that is not its ${what}`,
    });
  });

  it('names an approval that another recorded than the one who gave it', async () => {
    const forged = await forgedExecution((events) =>
      events.map(({ event, actor }) => ({ event, actor: event.type === 'ApprovalGranted' ? bob : actor })),
    );
    expect(problemsOf(forged)).toEqual([
      {
        item: expect.stringContaining('promotion/prom-1 event'),
        problem: 'records an approval of sub-alice by sub-bob',
      },
    ]);
  });

  it('names a history under the chain of another promotion', async () => {
    const events = promotionAfter(...PLACES.completed).events.map(({ event, actor }) => ({ event, actor }));
    const chain = promotionChain('prom-2');
    expect(problemsOf(await signedHistory(events))).toEqual([]);
    expect(problemsOf(await signedHistory(events, chain))).toEqual([
      { item: chain, problem: 'is the history of prom-1' },
    ]);
  });

  it('names revisions under the chain of another slot', async () => {
    const slotOf = (environment: string): Slot => ({
      subject: { kind: 'agent', name: 'agent-123' },
      environment,
      gateway: 'gw-789',
    });
    const cause = { by: 'record', deployment_id: 'dep-1' } as const;
    const at = { digest: contentOf('a'), cause, actor: dev, now: NOON };
    const { head, revision } = swap(emptyHead(slotOf('staging'), NOON), at);
    if (head.chain === null) throw new Error('no chain');
    for (const environment of ['staging', 'production']) {
      const chain = headChain(slotOf(environment));
      const signed = await signedHeads([{ chain, length: 1, digest: head.chain }]);
      const problem = `is one of ${headChain(slotOf('staging'))}`;
      expect(problemsOf([signed, exportLine({ chain, revision })])).toEqual(
        environment === 'staging' ? [] : [{ item: `${chain} revision 1`, problem }],
      );
    }
  });
});
