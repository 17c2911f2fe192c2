import type { ConfigPromotionView } from '../../contract/config-promotion-view.ts';
import type { PromotionView } from '../../contract/promotion-view.ts';
import type { ShownEntry } from '../../domain/config-tree/mask.ts';
import { entryOfTreeKey } from '../../domain/config-tree/tree-key.ts';
import type { ConfigAsked, PromotionState, Status } from '../../domain/promotion/state.ts';
import type { Stop } from '../../domain/promotion/stops.ts';
import type { Diffed, Difference } from '../../use-cases/config/diff.ts';
import type { Sides } from '../../use-cases/config/shown.ts';
import { valueView } from './config-views.ts';
import { promotionView, standingView } from './promotion-views.ts';

/** A promotion as the camelCase API shows it. */
export function configPromotionView(state: PromotionState): ConfigPromotionView {
  const view = promotionView(state);
  const { request, seal } = state;
  const tree = seal.plan.tree;
  return {
    id: view.id,
    organizationId: view.organization_id,
    agentId: view.agent_id,
    sourceDeploymentId: view.source_deployment_id,
    targetGatewayId: view.target_gateway_id,
    artifactVersion: view.artifact_version,
    sourceEnvironment: view.source_environment,
    targetEnvironment: view.target_environment,
    status: view.status,
    requiresApproval: view.requires_approval,
    approvedBy: view.approved_by,
    approvedAt: view.approved_at,
    rejectionReason: view.rejection_reason,
    targetDeploymentId: view.target_deployment_id,
    createdBy: view.created_by,
    createdByEmail: view.created_by_email,
    createdAt: view.created_at,
    completedAt: view.completed_at,
    ...askedView(request.kind === 'config' ? request : undefined),
    changes: tree === undefined ? null : { ...tree.summary, keys: [...tree.summary.keys] },
    conflicts: [...(tree?.conflicts ?? [])],
    unmatched: [...(tree?.unmatched ?? [])],
    ...phaseView(view),
  };
}

function askedView(
  asked: ConfigAsked | undefined,
): Pick<
  ConfigPromotionView,
  | 'promotionType'
  | 'configIds'
  | 'flagIds'
  | 'keyPatterns'
  | 'prune'
  | 'notes'
  | 'rollbackOf'
  | 'rollbackMode'
> {
  return {
    promotionType: asked?.selects ?? null,
    configIds: [...(asked?.config_ids ?? [])],
    flagIds: [...(asked?.flag_ids ?? [])],
    keyPatterns: [...(asked?.key_patterns ?? [])],
    prune: asked?.prune ?? false,
    notes: asked?.notes ?? null,
    rollbackOf: asked?.rollback?.promotion_id ?? null,
    rollbackMode: asked?.rollback?.mode ?? null,
  };
}

function phaseView(view: PromotionView) {
  const { failure, outcome_reversed, verification } = view;
  return {
    kind: view.kind,
    type: view.type,
    subject: view.subject,
    manifestDigest: view.manifest_digest,
    decisionDigest: view.decision_digest,
    waitingFor: view.waiting_for,
    requiredApprovers: view.required_approvers,
    approvals: view.approvals.map(camelApproval),
    gates: view.gates.map(({ reason_code, ...gate }) => ({ ...gate, reasonCode: reason_code })),
    blockedBy: view.blocked_by,
    reasonCode: view.reason_code,
    changesRequested: view.changes_requested,
    closedBy: view.closed_by,
    execution: view.execution,
    scheduledAt: view.scheduled_at,
    onMissed: view.on_missed,
    expiresAt: view.expires_at,
    ruleId: view.rule_id,
    failure: failure === null ? null : camelFailure(failure),
    outcomeReversed: outcome_reversed,
    verification: verification === null ? null : camelVerification(verification),
    version: view.version,
  };
}

function camelFailure({ target_state, ...failure }: NonNullable<PromotionView['failure']>) {
  return { ...failure, targetState: target_state };
}

function camelVerification({
  on_failure,
  reason_code,
  decided_at,
  rollback,
  ...rest
}: NonNullable<PromotionView['verification']>) {
  return {
    ...rest,
    onFailure: on_failure,
    reasonCode: reason_code,
    decidedAt: decided_at,
    rollback:
      rollback === null ? null : { promotionId: rollback.promotion_id, reasonCode: rollback.reason_code },
  };
}

export function camelApproval({ manifest_digest, ...approval }: PromotionView['approvals'][number]) {
  return { ...approval, manifestDigest: manifest_digest };
}

/** A promotion, and what keeps it from executing now. */
export function configStandingView(state: PromotionState, stops: readonly Stop[]): ConfigPromotionView {
  const { stopped_by = [] } = standingView(state, stops);
  const stoppedBy = stopped_by.map(({ ends_at, ...stop }) => ({ ...stop, endsAt: ends_at }));
  return { ...configPromotionView(state), stoppedBy };
}

export function configDryRunView(
  state: PromotionState,
  stops: readonly Stop[],
): ConfigPromotionView & { readonly wouldBe: Status } {
  return { ...configStandingView(state, stops), wouldBe: state.status };
}

/** A diff as the config-promotion document writes it; `kind` only on flags, `owned` and `nextCursor` only where there are any. */
export function diffView(
  { source, target, differences, unchanged, agreed }: Diffed,
  nextCursor: string | null,
) {
  const free = differences.filter(({ owned }) => !owned);
  const owned = differences
    .filter((difference) => difference.owned)
    .map((one) => ({
      ...nameOf(one),
      ...(one.after === null ? {} : { sourceValue: valueView(one.after) }),
      ...(one.before === null ? {} : { targetValue: valueView(one.before) }),
      ...movedView(one),
    }));
  return {
    sourceEnvironment: source.name,
    targetEnvironment: target.name,
    added: free.flatMap((one) =>
      one.before === null && one.after !== null
        ? [{ ...nameOf(one), value: valueView(one.after), ...movedView(one) }]
        : [],
    ),
    modified: free.flatMap((one) =>
      one.before !== null && one.after !== null
        ? [
            {
              ...nameOf(one),
              sourceValue: valueView(one.after),
              targetValue: valueView(one.before),
              ...movedView(one),
            },
          ]
        : [],
    ),
    removed: free.flatMap((one) =>
      one.after === null && one.before !== null
        ? [{ ...nameOf(one), value: valueView(one.before), ...movedView(one) }]
        : [],
    ),
    unchanged,
    ...(agreed === undefined
      ? {}
      : { agreed: { environment: agreed.environment, revision: agreed.revision } }),
    ...(owned.length === 0 ? {} : { owned }),
    ...(nextCursor === null ? {} : { nextCursor }),
  };
}

function movedView({ moved }: Difference) {
  if (moved === undefined) return {};
  const { changed_in: changedIn, agreed } = moved;
  return agreed === null ? { changedIn } : { changedIn, agreedValue: valueView(agreed) };
}

function nameOf(difference: Pick<Difference, 'key'>) {
  const { kind, key } = entryOfTreeKey(difference.key);
  return kind === 'flag' ? { key, kind } : { key };
}

export function changeView({ key, before, after }: Sides<ShownEntry>) {
  const change = before === null ? 'added' : after === null ? 'removed' : 'modified';
  return {
    ...entryOfTreeKey(key),
    change,
    ...(before === null ? {} : { from: valueView(before) }),
    ...(after === null ? {} : { to: valueView(after) }),
  };
}
