import type { Environment } from '../../domain/catalog/environment.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import type { Deployment } from '../../domain/deployment/deployment.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { isId, isReserved } from '../../domain/ids.ts';
import { within } from '../../domain/in-environment.ts';
import { DEPLOYED, UPGRADED } from '../../domain/notification/cloud-event.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { StoredAnswer, Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import { deploymentEvent, hint } from '../engine/deployment-hints.ts';
import { commitOrUnknown } from '../engine/run-command.ts';
import { RACE_LOST, untilCommitted } from '../engine/until-committed.ts';
import { claimed, mayDateBack, protectedFrom, unauthorized } from './authority.ts';
import { denied } from './denied.ts';
import { headWrites, slotOf } from './go-live.ts';
import { type ReportDeps, reportDeployment } from './report.ts';
import { contentDigest, continues, type DeploymentReport, repeats } from './request.ts';
import { settleTimes } from './times.ts';

export type RecordInput = {
  readonly principal: Principal;
  readonly report: DeploymentReport;
  /** What to keep for a repeated request, written in the same transaction. */
  readonly answer?: (deployment: Deployment) => StoredAnswer;
};
export type Recorded = { readonly deployment: Deployment; readonly created: boolean };

type RecordDeps = ReportDeps & Pick<Deps, 'ids'>;

/**
 * Records a deployment that happened outside Sluice. A DEPLOYED one becomes the active one of its slot in the same
 * transaction: record, head, revision. The same report under the same id is answered with what is recorded; one that tells its
 * outcome is taken as that.
 * Refuses `unknown_environment`, `not_authorized`, `protected`, `invalid_request`, `reserved_name`, and `conflict` when the id
 * means something else or a promotion holds the head.
 */
export async function recordDeployment(deps: RecordDeps, input: RecordInput): Promise<Recorded | Refusal> {
  const now = deps.clock.now();
  const { principal, report } = input;
  if (report.id !== undefined && !isId(report.id)) {
    return refuse('invalid_request', 'an id is 1 to 128 of letters, digits, dot, underscore and hyphen', {
      field: 'id',
    });
  }
  if (report.id !== undefined && isReserved(report.id)) {
    return refuse('reserved_name', `${report.id} is a reserved name`, { field: 'id' });
  }
  const id = report.id ?? deps.ids.next('dep');
  const recorded = await untilCommitted(deps, () => attempt(deps, input, id, now));
  if ('moved' in recorded) return await moved(deps, input, id);
  if (isRefusal(recorded)) return denied(deps, principal, 'record_deployment', now, recorded);
  if (recorded.created && recorded.deployment.status === 'DEPLOYED') {
    const type = recorded.replaced ? UPGRADED : DEPLOYED;
    await hint(deps, deploymentEvent(principal.tenant, type, recorded.deployment, now));
  }
  return { deployment: recorded.deployment, created: recorded.created };
}

/** The record is there, and its outcome is new. */
const MOVED = { moved: true } as const;

async function moved(deps: RecordDeps, input: RecordInput, id: string): Promise<Recorded | Refusal> {
  const { principal, report } = input;
  const { status, completed_at, live_at } = report;
  const { notes } = report.details;
  const deployment = await reportDeployment(deps, {
    principal,
    id,
    report: {
      status,
      ...(completed_at === undefined ? {} : { completed_at }),
      ...(live_at === undefined ? {} : { live_at }),
      ...(typeof notes === 'string' ? { notes } : {}),
    },
  });
  return isRefusal(deployment) ? deployment : { deployment, created: false };
}

async function attempt(
  deps: RecordDeps,
  input: RecordInput,
  id: string,
  now: string,
): Promise<(Recorded & { readonly replaced: boolean }) | Refusal | typeof RACE_LOST | typeof MOVED> {
  const { principal, report } = input;
  const { tenant } = principal;
  const environment = findEnvironment(await deps.catalog.all(tenant, 'environment'), report.environment);
  if (environment === undefined) {
    return refuse('unknown_environment', `there is no environment ${report.environment}`, {
      field: 'environment',
    });
  }
  const denial = unauthorized(principal, 'record', environment.name);
  if (denial !== undefined) return denial;
  const slot = slotOf({ ...report, environment: environment.name });
  // After the guard, which the commit checks. An id made here can be there already too: when a commit of an earlier attempt never got its answer.
  const [stored, head, wrongPlace] = await Promise.all([
    deps.deployments.read(tenant, id),
    deps.heads.read(tenant, slot),
    misplaced(deps, tenant, report, environment),
  ]);
  if (stored !== undefined) {
    const own = stored.incarnation === environment.incarnation;
    if (own && repeats(report, environment.name, stored)) {
      return { deployment: stored, created: false, replaced: false };
    }
    if (own && continues(report, environment.name, stored)) return MOVED;
    return refuse('conflict', `${id} is another deployment`, { id });
  }
  const refusal =
    protectedFrom(principal, environment, head) ??
    (report.status === 'DEPLOYED' ? claimed(head) : undefined) ??
    wrongPlace;
  if (refusal !== undefined) return refusal;
  const deployment = describe(input, id, environment, now);
  if (isRefusal(deployment)) return deployment;
  const writes: Write[] = [
    { write: 'deployment', deployment, expected: 0 },
    { write: 'check_guard', environment: environment.name, guard: environment.guard },
  ];
  if (deployment.status === 'DEPLOYED') writes.push(...headWrites(deployment, head, actorOf(principal), now));
  if (input.answer !== undefined) writes.push({ write: 'answer', answer: input.answer(deployment) });
  const result = await commitOrUnknown(deps, tenant, writes);
  if (result === 'unknown') return RACE_LOST;
  if (result.committed) return { deployment, created: true, replaced: (head?.digest ?? null) !== null };
  const answered = result.lost.some((index) => writes[index]?.write === 'answer');
  return answered ? refuse('conflict', 'a request with this Idempotency-Key is in progress') : RACE_LOST;
}

/** A gateway that Sluice knows stands in one environment. One it does not know may be named: what runs there is a fact. */
async function misplaced(
  deps: Pick<Deps, 'catalog'>,
  tenant: string,
  report: DeploymentReport,
  environment: Environment,
): Promise<Refusal | undefined> {
  if (report.gateway_id === undefined) return undefined;
  const gateway = await deps.catalog.item(tenant, 'gateway', report.gateway_id);
  if (gateway === undefined || gateway.environment === environment.name) return undefined;
  return refuse('invalid_request', `${gateway.id} is a gateway of ${gateway.environment}`, {
    field: 'gateway_id',
  });
}

function describe(
  input: RecordInput,
  id: string,
  environment: Environment,
  now: string,
): Deployment | Refusal {
  const { principal, report } = input;
  const given = {
    ...(report.deployed_at === undefined ? {} : { deployed_at: report.deployed_at }),
    ...(report.completed_at === undefined ? {} : { completed_at: report.completed_at }),
    ...(report.live_at === undefined ? {} : { live_at: report.live_at }),
  };
  const times = settleTimes(given, report.status, now, mayDateBack(principal, environment.name));
  if (isRefusal(times)) return times;
  return {
    id,
    subject: report.subject,
    digest: contentDigest(report, id),
    ...within(environment),
    ...(report.environment === environment.name ? {} : { environment_alias: report.environment }),
    ...(report.gateway_id === undefined ? {} : { gateway_id: report.gateway_id }),
    ...(report.version_label === undefined ? {} : { version_label: report.version_label }),
    status: report.status,
    ...times,
    recorded: true,
    recorded_by: actorOf(principal),
    metrics: {},
    details: report.details,
    created_at: now,
    version: 1,
  };
}
