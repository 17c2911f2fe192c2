import { SYSTEM } from '../../functions/domain/identity/principal.ts';
import type { Command } from '../../functions/domain/promotion/commands.ts';
import type { PromotionState } from '../../functions/domain/promotion/state.ts';
import { by, type Step } from './decider-specification.ts';
import { alice, asks, bob, dev, smokeReport } from './promotion-facts.ts';

/** Every command on facts that are what the promotion was sealed on, by whom it would usually come. */
export function usualCommands(state: PromotionState): { readonly [type in Command['type']]: Step } {
  const { plan, requirements } = state.seal;
  const facts = { plan, requirements };
  return {
    request: by(dev, asks.request()),
    assess: by(dev, asks.assess(facts)),
    attach_evidence: by(dev, asks.attachEvidence(facts)),
    approve: by(bob, asks.approve()),
    reject: by(alice, asks.reject()),
    request_changes: by(alice, asks.requestChanges()),
    resubmit: by(dev, asks.resubmit(facts)),
    schedule: by(dev, asks.schedule('2026-11-23T12:00:00.000Z')),
    unschedule: by(dev, asks.unschedule()),
    request_execution: by(dev, asks.requestExecution(facts)),
    start_execution: by(SYSTEM, asks.startExecution(facts)),
    complete: by(SYSTEM, asks.complete()),
    fail: by(SYSTEM, asks.fail()),
    cancel: by(dev, asks.cancel()),
    expire: by(SYSTEM, asks.expire()),
    roll_back: by(SYSTEM, asks.rollBack()),
    settle_outcome: by(SYSTEM, asks.settleOutcome()),
    reverse_outcome: by(SYSTEM, asks.reverseOutcome()),
    verify: by(SYSTEM, asks.verify(smokeReport()), '2026-11-21T12:10:00.000Z'),
    begin_rollback: by(SYSTEM, asks.beginRollback()),
    decline_rollback: by(SYSTEM, asks.declineRollback()),
  };
}
