import { type Deployment, type DeploymentStatus, MOVES } from '../../domain/deployment/deployment.ts';
import { type Digest, digest } from '../../domain/digest.ts';
import type { Json } from '../../domain/jcs.ts';
import type { Subject } from '../../domain/subject.ts';

/** A deployment as somebody reports it. Instants are RFC 3339 in UTC with milliseconds. */
export type DeploymentReport = {
  readonly id?: string;
  readonly subject: Subject;
  /** The content's digest, when the reporter knows it. */
  readonly digest?: Digest;
  /** Name or alias, as the reporter wrote it. */
  readonly environment: string;
  readonly gateway_id?: string;
  readonly version_label?: string;
  readonly status: DeploymentStatus;
  readonly deployed_at?: string;
  readonly completed_at?: string;
  readonly live_at?: string;
  readonly details: { readonly [name: string]: Json };
};

/**
 * The digest of what was deployed, when nobody gave one: of the subject and its version, so that one version has one digest
 * in every environment; without a version it is of this very deployment, equal to nothing else.
 */
export function contentDigest(report: DeploymentReport, id: string): Digest {
  if (report.digest !== undefined) return report.digest;
  const { subject, version_label } = report;
  return version_label === undefined
    ? digest('sluice/content/v1', { kind: subject.kind, name: subject.name, deployment: id })
    : digest('sluice/content/v1', { kind: subject.kind, name: subject.name, version: version_label });
}

/** Details that may be changed by a later report, and so are no part of what a repeated request must agree on. */
const CHANGEABLE: readonly string[] = ['notes'];

/**
 * Whether a report repeats what is already recorded under its id. A record that has moved on since (from PENDING to its
 * outcome, to ROLLED_BACK or FAILED, with metrics) is still the same one; times count only where the report gives them.
 */
export function repeats(report: DeploymentReport, environment: string, stored: Deployment): boolean {
  return (
    isOf(report, environment, stored) &&
    couldHaveBeen(report.status, stored) &&
    (report.live_at === undefined || report.live_at === stored.live_at) &&
    sameDetails(report.details, stored.details)
  );
}

/** Whether a report is of what is recorded under its id and tells what became of it since; details may be left out. */
export function continues(report: DeploymentReport, environment: string, stored: Deployment): boolean {
  const again = { ...stored.details, ...report.details };
  return (
    isOf(report, environment, stored) &&
    MOVES[stored.status].includes(report.status) &&
    sameDetails(again, stored.details)
  );
}

function isOf(report: DeploymentReport, environment: string, stored: Deployment): boolean {
  return (
    stored.recorded &&
    stored.subject.kind === report.subject.kind &&
    stored.subject.name === report.subject.name &&
    stored.digest === contentDigest(report, stored.id) &&
    stored.environment === environment &&
    stored.gateway_id === report.gateway_id &&
    stored.version_label === report.version_label &&
    (report.deployed_at === undefined || report.deployed_at === stored.deployed_at)
  );
}

function couldHaveBeen(reported: DeploymentStatus, { status, live_at }: Deployment): boolean {
  switch (reported) {
    case 'PENDING':
      return true;
    case 'DEPLOYED':
      return status === 'DEPLOYED' || status === 'ROLLED_BACK' || live_at !== undefined;
    case 'FAILED':
    case 'ROLLED_BACK':
      return status === reported;
    default:
      return reported satisfies never;
  }
}

function sameDetails(a: Deployment['details'], b: Deployment['details']): boolean {
  return digest('sluice/content/v1', fixed(a)) === digest('sluice/content/v1', fixed(b));
}

function fixed(details: Deployment['details']): Deployment['details'] {
  return Object.fromEntries(Object.entries(details).filter(([name]) => !CHANGEABLE.includes(name)));
}
