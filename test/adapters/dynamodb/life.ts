import { DEFAULT_PIPELINE } from '../../../functions/domain/catalog/pipeline.ts';
import { digest } from '../../../functions/domain/digest.ts';
import { type Actor, type Principal, SYSTEM } from '../../../functions/domain/identity/principal.ts';
import { mergeRequirements } from '../../../functions/domain/policy/merge.ts';
import type {
  AssessmentFacts,
  Command,
  ExecutionFacts,
} from '../../../functions/domain/promotion/commands.ts';
import { decide } from '../../../functions/domain/promotion/decider.ts';
import { emptyHead, slotText, swap } from '../../../functions/domain/promotion/head.ts';
import { append } from '../../../functions/domain/promotion/history.ts';
import type { PromotionState } from '../../../functions/domain/promotion/state.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import type { Slot } from '../../../functions/domain/subject.ts';
import type { WorkflowRecord, Write } from '../../../functions/ports/transaction.ts';

/** Ids as long as real ones: sizes are the point. */
export type Cast = {
  readonly tenant: string;
  readonly promotion: string;
  readonly deployment: string;
  readonly source: string;
  readonly agent: string;
  readonly gateway: string;
  readonly requester: Actor;
  readonly approver: Actor;
};

export type Step = {
  readonly name: string;
  readonly writes: readonly Write[];
  readonly state: PromotionState;
};

/**
 * The commits of an approved agent promotion through a gateway that only records, as the decider decides them: requested,
 * approved by another person, executed in one transaction.
 */
export function approvedPromotion(cast: Cast, instant: (step: number) => string): Step[] {
  const { tenant, requester, approver } = cast;
  const slot: Slot = {
    subject: { kind: 'agent', name: cast.agent },
    environment: 'staging',
    gateway: cast.gateway,
  };
  const staging = DEFAULT_PIPELINE(instant(0)).find(({ name }) => name === 'staging');
  if (staging === undefined) throw new Error('the pipeline has a staging environment');
  const source = digest('sluice/content/v1', cast.source);
  const change_set = [{ key: slotText(slot), from: null, to: source }];
  const facts: AssessmentFacts = {
    plan: {
      source: {
        environment: 'development',
        digest: source,
        deployment_id: cast.source,
        recorded: true,
      },
      base: { digest: null, version: 0 },
      change_set_digest: digest('sluice/change-set/v1', change_set),
      change_set,
    },
    requirements: mergeRequirements({ environment: staging, rules: [], policies: [], kind: 'agent' }),
    evidence: [],
    conditions: { deployment: { status: 'DEPLOYED', duration_hours: 26.5, environment: 'development' } },
  };
  const needsApproval = {
    ...facts,
    requirements: { ...facts.requirements, requires_approval: true, required_approvers: 1 },
  };
  const separation = { authors: [], previous_promoters: [], evidence_producers: [] };
  const approvers: readonly Principal[] = [
    { ...approver, kind: 'person', tenant, groups: ['release-managers'], grants: [{ role: 'approver' }] },
  ];
  const execution: ExecutionFacts = {
    ...needsApproval,
    separation,
    head: { digest: null, version: 0 },
  };

  const go = (state: PromotionState | undefined, commands: Command[], now: string, actor: Actor) => {
    let current = state;
    const events = [];
    for (const command of commands) {
      const decided = decide(current, command, { now, actor });
      if (isRefusal(decided)) throw new Error(decided.detail);
      const appended = append(current, decided, { now, actor });
      current = appended.state;
      events.push(...appended.events);
    }
    if (current === undefined) throw new Error('nothing was decided');
    return { state: current, events };
  };
  const write = (made: ReturnType<typeof go>, expected: number, workflowRecord: WorkflowRecord): Write => ({
    write: 'promotion',
    ...made,
    expected,
    workflowRecord,
  });

  const requested = go(
    undefined,
    [
      {
        type: 'request',
        id: cast.promotion,
        tenant,
        promotion_type: 'promotion',
        subject: slot.subject,
        source_environment: 'development',
        target_environment: 'staging',
        target_slot: slotText(slot),
        request: {
          kind: 'agent',
          agent_id: cast.agent,
          source_deployment_id: cast.source,
          target_gateway_id: cast.gateway,
        },
        execution: 'automatic',
        facts: needsApproval,
      },
    ],
    instant(1),
    requester,
  );
  const due_at = requested.state.expires_at;
  const place = {
    write: 'open',
    type: 'promotion',
    subject: slot.subject,
    digest: source,
    target: 'staging',
  } as const;

  const approved = go(
    requested.state,
    [{ type: 'approve', groups: ['release-managers'], separation, weakened: [] }],
    instant(2),
    approver,
  );
  const { head, revision } = swap(emptyHead(slot, instant(0)), {
    digest: source,
    cause: { by: 'execute', promotion_id: cast.promotion },
    actor: SYSTEM,
    deployment_id: cast.deployment,
    now: instant(3),
  });
  const executed = go(
    approved.state,
    [
      { type: 'start_execution', deployment_id: cast.deployment, facts: execution, approvers, weakened: [] },
      { type: 'complete', revision: revision.number },
    ],
    instant(3),
    SYSTEM,
  );
  return [
    {
      name: 'requested',
      state: requested.state,
      writes: [
        write(requested, 0, { work: ['start'], due_at, attempt: 1, published: 0 }),
        { ...place, promotion_id: cast.promotion },
      ],
    },
    {
      name: 'approved',
      state: approved.state,
      writes: [
        write(approved, requested.state.seq, {
          work: ['wake'],
          due_at,
          attempt: 1,
          published: requested.state.seq,
        }),
      ],
    },
    {
      name: 'executed',
      state: executed.state,
      writes: [
        { write: 'check_guard', environment: 'staging', guard: staging.guard },
        write(executed, approved.state.seq, { work: ['publish'], attempt: 1, published: approved.state.seq }),
        { write: 'head', head, expected: 0 },
        { write: 'revision', revision },
        {
          write: 'deployment',
          expected: 0,
          deployment: {
            id: cast.deployment,
            subject: slot.subject,
            digest: source,
            environment: 'staging',
            gateway_id: cast.gateway,
            status: 'DEPLOYED',
            deployed_at: instant(3),
            completed_at: instant(3),
            live_at: instant(3),
            recorded: false,
            recorded_by: SYSTEM,
            promotion_id: cast.promotion,
            metrics: {},
            details: {},
            created_at: instant(3),
            version: 1,
          },
        },
      ],
    },
  ];
}
