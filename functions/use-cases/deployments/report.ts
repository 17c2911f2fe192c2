import type { Environment } from '../../domain/catalog/environment.ts';
import { type Deployment, type DeploymentStatus, MOVES } from '../../domain/deployment/deployment.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import { DEPLOYED, ROLLED_BACK, UPGRADED } from '../../domain/notification/cloud-event.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Head } from '../../domain/subject.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import { deploymentEvent, hint } from '../engine/deployment-hints.ts';
import { type CommandDeps, commitOrUnknown } from '../engine/run-command.ts';
import { RACE_LOST, untilCommitted } from '../engine/until-committed.ts';
import { recordOutcome } from '../promotions/complete.ts';
import { reverseOutcome } from '../promotions/reverse.ts';
import { claimed, mayDateBack, protectedFrom, speaksFor, unauthorized } from './authority.ts';
import { denied } from './denied.ts';
import { headWrites, slotOf } from './go-live.ts';
import { readDeployment } from './read.ts';
import { takeBackWrites } from './take-back.ts';
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
 * Takes the report of a deployment's outcome: PENDING becomes DEPLOYED or FAILED, DEPLOYED becomes ROLLED_BACK or FAILED; the same
 * status again changes nothing but notes. Where the active one of a slot is taken back so, the newest earlier one that is still
 * DEPLOYED is active again. What a promotion deploys is reported by its gateway's own machine, and nobody else, and only rollback
 * moves its head; but where it failed with an unknown outcome, an admin who looked may say, in notes, what became of it.
 * Refuses `not_found`, `not_authorized`, `protected`, `invalid_transition`, `invalid_request`, and `conflict` while a promotion
 * holds the head.
 */
export async function reportDeployment(deps: ReportDeps, input: ReportInput): Promise<Deployment | Refusal> {
  const now = deps.clock.now();
  const { tenant } = input.principal;
  const found = await readDeployment(deps, input);
  if (isRefusal(found)) return found;
  const denial = await mayReport(deps, input, found);
  if (denial !== undefined) return denied(deps, input.principal, 'report_deployment', now, denial);
  if (!found.recorded) {
    const settled = await ofPromotion(deps, input, found);
    if (settled !== undefined) return settled;
  }
  const reported = await untilCommitted(deps, () => attempt(deps, input, now));
  if (isRefusal(reported)) return denied(deps, input.principal, 'report_deployment', now, reported);
  if (reported.event !== undefined) {
    await hint(deps, deploymentEvent(tenant, reported.event, reported.deployment, now));
  }
  return reported.deployment;
}

async function mayReport(
  deps: Pick<Deps, 'catalog' | 'promotions'>,
  { principal, report }: ReportInput,
  deployment: Deployment,
): Promise<Refusal | undefined> {
  if (deployment.recorded) return unauthorized(principal, 'record', deployment.environment);
  const { gateway_id, brings_back, environment } = deployment;
  if (brings_back !== undefined) return await mayBringBack(deps, principal, environment);
  const gateway =
    gateway_id === undefined ? undefined : await deps.catalog.item(principal.tenant, 'gateway', gateway_id);
  if (speaksFor(principal, gateway)) return undefined;
  const answerable = may(principal, 'settle_outcome', deployment.environment) && report.notes !== undefined;
  if (answerable && (await isUnknown(deps, principal.tenant, deployment))) return undefined;
  return refuse('not_authorized', 'only the gateway’s own machine reports what a promotion deploys', {
    required: ['recorder'],
  });
}

/** What a pipeline brings back is reported by whoever may record a deployment there. */
async function mayBringBack(
  { catalog }: Pick<Deps, 'catalog'>,
  principal: Principal,
  name: string,
): Promise<Refusal | undefined> {
  const denial = unauthorized(principal, 'record', name);
  if (denial !== undefined) return denial;
  const environment = await catalog.item(principal.tenant, 'environment', name);
  return environment === undefined ? undefined : protectedFrom(principal, environment, { revision: 1 });
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

/** The promotion that deployed it takes what moves it; `undefined` for what does not. */
async function ofPromotion(
  deps: ReportDeps,
  { principal, report: { status, notes } }: ReportInput,
  found: Deployment,
): Promise<Deployment | Refusal | undefined> {
  const { id, promotion_id, brings_back } = found;
  if (promotion_id === undefined || forbiddenMove(found, status) !== undefined || found.status === status) {
    return undefined;
  }
  const { tenant } = principal;
  const said = { tenant, actor: actorOf(principal), ...(notes === undefined ? {} : { message: notes }) };
  const outcome = status === 'DEPLOYED' ? 'live' : 'failed';
  const refusal =
    found.status === 'PENDING'
      ? await recordOutcome(deps, {
          ...said,
          deployment_id: id,
          outcome,
          ...(brings_back === undefined ? {} : { details: await detailsOf(deps, tenant, brings_back) }),
        })
      : await reverseOutcome(deps, { ...said, deployment: { ...found, promotion_id }, to: status });
  return isRefusal(refusal) ? refusal : ((await deps.deployments.read(tenant, id)) ?? unknown(id));
}

/** What a record says of the content itself: true of it wherever and whenever it is deployed again. */
const OF_CONTENT = ['gitCommit', 'gitBranch', 'acrRegistry', 'helmChartVersion', 'serviceVersions'];

async function detailsOf(
  { deployments }: Pick<Deps, 'deployments'>,
  tenant: string,
  id: string,
): Promise<Deployment['details']> {
  const { details = {} } = (await deployments.read(tenant, id)) ?? {};
  return Object.fromEntries(Object.entries(details).filter(([name]) => OF_CONTENT.includes(name)));
}

type Reported = {
  readonly deployment: Deployment;
  readonly event?: typeof DEPLOYED | typeof UPGRADED | typeof ROLLED_BACK;
};

async function attempt(
  deps: ReportDeps,
  input: ReportInput,
  now: string,
): Promise<Reported | Refusal | typeof RACE_LOST> {
  const { principal, id } = input;
  const { tenant } = principal;
  const stored = await deps.deployments.read(tenant, id);
  if (stored === undefined) return unknown(id);
  const environment = await deps.catalog.item(tenant, 'environment', stored.environment);
  if (environment === undefined || environment.incarnation !== stored.incarnation) {
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
  const actor = actorOf(principal);
  const live = stored.status !== 'DEPLOYED' && next.status === 'DEPLOYED';
  const gone = stored.status === 'DEPLOYED' && next.status !== 'DEPLOYED';
  if (live) writes.push(...headWrites(next, head, actor, now));
  if (gone) writes.push({ write: 'hold', subject: stored.subject, target: stored.environment, held: true });
  if (gone && head !== undefined && isActive(head, stored)) {
    writes.push(...(await takeBackWrites(deps, { tenant, gone: next, head, actor, now })));
  }
  const result = await commitOrUnknown(deps, tenant, writes);
  if (result === 'unknown' || !result.committed) return RACE_LOST;
  if (gone) return { deployment: next, event: ROLLED_BACK };
  if (!live) return { deployment: next };
  return { deployment: next, event: (head?.digest ?? null) === null ? DEPLOYED : UPGRADED };
}

function isActive(head: Head | undefined, { id }: Deployment): boolean {
  return head?.deployment_id === id;
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
    (movesHead(stored, report.status, head) ? claimed(head) : undefined);
  if (refusal !== undefined) return refusal;
  const details =
    report.notes === undefined || report.notes === stored.details['notes']
      ? stored.details
      : { ...stored.details, notes: report.notes };
  if (report.status === stored.status && details === stored.details) return stored;
  const marked = { ...stored, details, reported_by: actorOf(principal), version: stored.version + 1 };
  if (report.status === stored.status) return marked;
  if (stored.status !== 'PENDING') return { ...marked, status: report.status, ended_at: now };
  const times = settleTimes(
    {
      deployed_at: stored.deployed_at,
      completed_at: report.completed_at ?? now,
      ...(report.live_at === undefined ? {} : { live_at: report.live_at }),
    },
    report.status,
    now,
    mayDateBack(principal, environment.name),
  );
  return isRefusal(times) ? times : { ...marked, ...times, status: report.status };
}

function movesHead(stored: Deployment, to: DeploymentStatus, head: Head | undefined): boolean {
  if (to === stored.status) return false;
  return to === 'DEPLOYED' || (stored.status === 'DEPLOYED' && isActive(head, stored));
}

/** Where a status may go. A closed one may be said again, so that a repeated report is no error. */
function forbiddenMove({ status: from }: Deployment, to: DeploymentStatus): Refusal | undefined {
  if (from === to || MOVES[from].includes(to)) return undefined;
  return refuse('invalid_transition', `a ${from} deployment cannot become ${to}`, { from, to });
}

function unknown(id: string): Refusal {
  return refuse('not_found', `there is no deployment ${id}`);
}
