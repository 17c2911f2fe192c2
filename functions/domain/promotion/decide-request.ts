import { TRAITS } from '../kind-traits.ts';
import { ruleDecided } from '../policy/rule-applied.ts';
import { unreachable } from '../unreachable.ts';
import { approved, assessed, blockedByGates, expiryOf, judgeAnew } from './assess.ts';
import type { Command, Context } from './commands.ts';
import { type PromotionEvent, RULES_VERSION } from './events.ts';
import type { Execution } from './manifest.ts';

type RequestCommand = Extract<Command, { readonly type: 'request' }>;

/** A request is sealed and judged at once: blocked, waiting for approval, or approved already. */
export function decideRequest(command: RequestCommand, context: Context): readonly PromotionEvent[] {
  const { type: _, facts, execution: __, promotion_type, ...asked } = command;
  const execution = executionOf(command);
  const { rule, ...rest } = asked;
  const named = rule === undefined ? {} : { rule: ruleDecided(rule) };
  const promotion = { ...rest, ...named, type: promotion_type, execution };
  const assessment = judgeAnew(promotion, [], facts, context);
  const requested: PromotionEvent = {
    type: 'PromotionRequested',
    ...asked,
    promotion_type,
    execution,
    rules: RULES_VERSION,
  };
  const events = [requested, assessed(assessment, expiryOf(assessment, context))];
  const { outcome } = assessment.decision;
  switch (outcome) {
    case 'deny':
      return [...events, blockedByGates(assessment)];
    case 'pending':
      return events;
    case 'allow':
      return [...events, ...approved({ execution, approvals: [], seal: assessment.seal }, context)];
    default:
      return unreachable(outcome);
  }
}

/**
 * A request that does not say executes by itself where a rule asks or nobody has to approve, but for configuration, which waits for a
 * person.
 */
function executionOf({ execution, subject, rule_id, facts }: RequestCommand): Execution {
  if (execution !== undefined) return execution;
  if (rule_id !== undefined) return 'automatic';
  const waits = !TRAITS[subject.kind].executes_by_itself || facts.requirements.requires_approval;
  return waits ? 'manual' : 'automatic';
}
