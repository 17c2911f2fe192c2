import type { Environment } from '../../domain/catalog/environment.ts';
import type { Deployment, DeploymentStatus } from '../../domain/deployment/deployment.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import { isId } from '../../domain/ids.ts';
import { DEPLOYED, UPGRADED } from '../../domain/notification/cloud-event.ts';
import type { Head } from '../../domain/promotion/subject.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import { type CommandDeps, commitOrUnknown } from '../engine/run-command.ts';
import { LOST, untilCommitted } from '../engine/until-committed.ts';
import { recordOutcome } from '../promotions/complete.ts';
import { mayDateBack, protectedFrom, speaksFor, unauthorized } from './authority.ts';
import { denied } from './denied.ts';
import { headWrites, slotOf } from './go-live.ts';
import { deploymentEvent, hint } from './hints.ts';
import { claimed } from './record.ts';
import { settleTimes } from './times.ts';

export type ReportDeps = CommandDeps & Pick<Deps, 'denials'>;

/** What somebody says of a deployment that is recorded already. Instants are RFC 3339 in UTC with milliseconds. */
export type StatusReport = {
  readonly status: DeploymentStatus;
  readonly completed_at?: string;
  readonly live_at?: string;
  readonly notes?: string;
};

export type ReportInput = {
  readonly principal: Principal;
  readonly id: string;
  readonly report: StatusReport;
};

/**
 * Takes the report of a deployment's outcome: PENDING becomes DEPLOYED or FAILED, DEPLOYED becomes ROLLED_BACK; the same status
 * again changes nothing but notes. What a promotion deploys is reported by its gateway's own machine, and nobody else; but where it
 * failed with an unknown outcome, an admin who looked may say, in notes, what became of it.
 * Refuses `not_found`, `not_authorized`, `protected`, `invalid_transition`, `invalid_request`, and `conflict` while a promotion
 * holds the head.
 */
export async function reportDeployment(deps: ReportDeps, input: ReportInput): Promise<Deployment | Refusal> {
  const now = deps.clock.now();
  const { tenant } = input.principal;
  const found = isId(input.id) ? await deps.deployments.read(tenant, input.id) : undefined;
  if (found === undefined) return unknown(input.id);
  const denial = await mayReport(deps, input, found);
  if (denial !== undefined) return denied(deps, input.principal, 'report_deployment', now, denial);
  if (!found.recorded && isOutcome(input.report.status))
    return outcome(deps, input, found, input.report.status);
  const reported = await untilCommitted(deps, () => attempt(deps, input, now));
  if (isRefusal(reported)) return denied(deps, input.principal, 'report_deployment', now, reported);
  if (reported.live !== undefined) {
    await hint(deps, deploymentEvent(tenant, reported.live, reported.deployment, now));
  }
  return reported.deployment;
}

async function mayReport(
  deps: Pick<Deps, 'catalog' | 'promotions'>,
  { principal, report }: ReportInput,
  deployment: Deployment,
): Promise<Refusal | undefined> {
  if (deployment.recorded) return unauthorized(principal, 'record', deployment.environment);
  const { gateway_id } = deployment;
  const gateway =
    gateway_id === undefined ? undefined : await deps.catalog.item(principal.tenant, 'gateway', gateway_id);
  if (speaksFor(principal, gateway)) return undefined;
  const answerable = may(principal, 'settle_outcome', deployment.environment) && report.notes !== undefined;
  if (answerable && (await isUnknown(deps, principal.tenant, deployment))) return undefined;
  return refuse('not_authorized', 'only the gateway’s own machine reports what a promotion deploys', {
    required: ['recorder'],
  });
}

/** Whether the promotion that deployed it gave up without knowing the outcome, and still holds the head. */
async function isUnknown(
  deps: Pick<Deps, 'promotions'>,
  tenant: string,
  { promotion_id, status }: Deployment,
): Promise<boolean> {
  if (promotion_id === undefined || status !== 'PENDING') return false;
  const stored = await deps.promotions.read(tenant, promotion_id);
  return stored?.state.status === 'failed' && stored.state.failure.target_state === 'unknown';
}

function isOutcome(status: DeploymentStatus): status is 'DEPLOYED' | 'FAILED' {
  return status === 'DEPLOYED' || status === 'FAILED';
}

/** The promotion that deployed it takes the outcome: head, state and deployment move in its one transaction. */
async function outcome(
  deps: ReportDeps,
  input: ReportInput,
  found: Deployment,
  status: 'DEPLOYED' | 'FAILED',
): Promise<Deployment | Refusal> {
  const { principal, report } = input;
  const refusal = await recordOutcome(deps, {
    tenant: principal.tenant,
    deployment_id: found.id,
    actor: actorOf(principal),
    outcome: status === 'DEPLOYED' ? 'live' : 'failed',
    ...(report.notes === undefined ? {} : { message: report.notes }),
  });
  if (isRefusal(refusal)) return refusal;
  return (await deps.deployments.read(principal.tenant, found.id)) ?? unknown(found.id);
}

type Reported = { readonly deployment: Deployment; readonly live?: typeof DEPLOYED | typeof UPGRADED };

async function attempt(
  deps: ReportDeps,
  input: ReportInput,
  now: string,
): Promise<Reported | Refusal | typeof LOST> {
  const { principal, id } = input;
  const { tenant } = principal;
  const stored = await deps.deployments.read(tenant, id);
  if (stored === undefined) return unknown(id);
  const environment = await deps.catalog.item(tenant, 'environment', stored.environment);
  if (environment === undefined) {
    return refuse('unknown_environment', `there is no environment ${stored.environment} any more`);
  }
  const head = await deps.heads.read(tenant, slotOf(stored));
  const next = after(stored, input, environment, head, now);
  if (isRefusal(next)) return next;
  if (next === stored) return { deployment: stored };
  const writes: Write[] = [
    { write: 'deployment', deployment: next, expected: stored.version },
    { write: 'check_guard', environment: environment.name, guard: environment.guard },
  ];
  const live = stored.status !== 'DEPLOYED' && next.status === 'DEPLOYED';
  if (live) writes.push(...headWrites(next, head, actorOf(principal), now));
  if (stored.status !== 'ROLLED_BACK' && next.status === 'ROLLED_BACK') {
    writes.push({ write: 'hold', subject: stored.subject, target: stored.environment, held: true });
  }
  const result = await commitOrUnknown(deps, tenant, writes);
  if (result === 'unknown' || !result.committed) return LOST;
  if (!live) return { deployment: next };
  return { deployment: next, live: (head?.digest ?? null) === null ? DEPLOYED : UPGRADED };
}

/** The deployment after the report; the very same object when nothing changes. */
function after(
  stored: Deployment,
  input: ReportInput,
  environment: Environment,
  head: Head | undefined,
  now: string,
): Deployment | Refusal {
  const { principal, report } = input;
  const refusal =
    (stored.recorded ? protectedFrom(principal, environment, head) : undefined) ??
    forbiddenMove(stored, report.status) ??
    (stored.status === 'PENDING' && report.status === 'DEPLOYED' ? claimed(head) : undefined);
  if (refusal !== undefined) return refusal;
  const details =
    report.notes === undefined || report.notes === stored.details['notes']
      ? stored.details
      : { ...stored.details, notes: report.notes };
  if (report.status === stored.status && details === stored.details) return stored;
  const marked = { ...stored, details, reported_by: actorOf(principal), version: stored.version + 1 };
  if (report.status === stored.status || stored.status !== 'PENDING')
    return { ...marked, status: report.status };
  const times = settleTimes(
    {
      deployed_at: stored.deployed_at,
      ...(report.completed_at === undefined ? {} : { completed_at: report.completed_at }),
      ...(report.live_at === undefined ? {} : { live_at: report.live_at }),
    },
    report.status,
    now,
    mayDateBack(principal, environment.name),
  );
  return isRefusal(times) ? times : { ...marked, ...times, status: report.status };
}

/** Where a status may go. A closed one may be said again, so that a repeated report is no error. */
function forbiddenMove(stored: Deployment, to: DeploymentStatus): Refusal | undefined {
  const { status: from } = stored;
  const allowed =
    from === to || (from === 'PENDING' && isOutcome(to)) || (from === 'DEPLOYED' && to === 'ROLLED_BACK');
  if (allowed) return undefined;
  return refuse('invalid_transition', `a ${from} deployment cannot become ${to}`, { from, to });
}

function unknown(id: string): Refusal {
  return refuse('not_found', `there is no deployment ${id}`);
}
