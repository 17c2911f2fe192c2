import type { Moment } from '../../domain/deployment/history.ts';
import type { RollUpScope } from '../../domain/deployment/roll-up.ts';
import { digestOfBytes } from '../../domain/digest.ts';
import type { InEnvironment, Slot, Subject } from '../../domain/subject.ts';
import type { Position, TimelineOf } from '../../ports/timelines.ts';
import {
  environmentPart,
  fingerprint,
  gatewayPart,
  hex,
  type IndexKey,
  id,
  instant,
  type Key,
  ordinal,
  scope,
  shardOf,
  subjectPart,
} from './key-parts.ts';

/** Keys of deployments, of their places in lists, and of the sums of their days. */

export const deploymentKey = (tenant: string, deployment: string): Key => ({
  PK: `${scope(tenant)}DEP#${id(deployment)}`,
  SK: 'STATE',
});
export const deploymentsPartition = (tenant: string, environment: string): string =>
  `${scope(tenant)}DEPS#${id(environment)}`;
export const deploymentIndex = (
  tenant: string,
  deployment: string,
  environment: string,
  deployed_at: string,
): IndexKey => ({
  GSI1PK: deploymentsPartition(tenant, environment),
  GSI1SK: `${instant(deployed_at)}#${id(deployment)}`,
});
/** A subject's deployments in all environments. */
export const deployedPartition = (tenant: string, subject: Subject): string =>
  `${scope(tenant)}BY#${subjectPart(subject)}`;
export const deployedIndex = (
  tenant: string,
  deployment: string,
  subject: Subject,
  deployed_at: string,
): IndexKey & { readonly GSI2SK: string } => ({
  GSI2PK: deployedPartition(tenant, subject),
  GSI2SK: `${instant(deployed_at)}#${id(deployment)}`,
});
/** A subject's deployments of one version, in the order of GSI1. Labels hold any character, and are hashed. */
export const labelPartition = (tenant: string, subject: Subject, label: string): string =>
  `${scope(tenant)}LABEL#${subjectPart(subject)}#${hashed(label)}`;
export const labelIndex = (tenant: string, subject: Subject, label: string): IndexKey => ({
  GSI4PK: labelPartition(tenant, subject, label),
});
/** One item for each deployment from a branch: its sort key names the deployment. */
export const branchPartition = (tenant: string, subject: Subject, branch: string): string =>
  `${scope(tenant)}BRANCH#${subjectPart(subject)}#${hashed(branch)}`;
export const branchKey = (
  tenant: string,
  deployment: string,
  subject: Subject,
  branch: string,
  deployed_at: string,
): Key => ({
  PK: branchPartition(tenant, subject, branch),
  SK: `${instant(deployed_at)}#${id(deployment)}`,
});
/** The deployment that a branch's sort key names. */
export const deploymentOf = (SK: string): string => SK.slice(SK.indexOf('#') + 1);
const hashed = (text: string): string => hex(digestOfBytes(text)).slice(0, 32);

/** Deployments whose statistics are behind, by when they changed. */
export const uncountedPartition = (shard: number): string => `SYS#UNCOUNTED#${shard}`;
export const uncountedIndex = (tenant: string, deployment: string, changed_at: string): IndexKey => ({
  GSI3PK: uncountedPartition(shardOf(tenant, deployment)),
  GSI3SK: `${instant(changed_at)}#${fingerprint(tenant, deployment)}`,
});
/** Spread more thinly than work: it holds what changed in the last minutes, and what falls due. */
export const EVALUATION_SHARDS = 8;
/** Deployments that rules are to be asked about, by when. */
export const evaluationPartition = (shard: number): string => `${EVALUATIONS}${shard}`;
export const EVALUATIONS = 'SYS#EVALUATE#';
export const evaluationIndex = (
  tenant: string,
  deployment: string,
  at: string,
): IndexKey & { GSI3PK: string; GSI3SK: string } => ({
  GSI3PK: evaluationPartition(shardOf(tenant, deployment) % EVALUATION_SHARDS),
  GSI3SK: `${instant(at)}#${fingerprint(tenant, deployment)}`,
});
/** Which deployment an item of the table is; `undefined` when it is none. */
export function deploymentRefOf(PK: string): { readonly tenant: string; readonly id: string } | undefined {
  const [t, tenant, type, deployment] = PK.split('#');
  if (t !== 'T' || type !== 'DEP' || tenant === undefined || deployment === undefined) return undefined;
  return { tenant, id: deployment };
}

/** Sums of an environment's deployments by day; of one subject alone in a partition of its own. */
export const rollUpPartition = (tenant: string, { subject, ...of }: RollUpScope): string =>
  `${scope(tenant)}DAYS#${environmentPart(of)}${subject === undefined ? '' : `#${subjectPart(subject)}`}`;
export const rollUpKey = (tenant: string, of: RollUpScope, day: string): Key => ({
  PK: rollUpPartition(tenant, of),
  SK: id(day),
});

/** When deployments of a subject began to serve in an environment, then when they failed, then how often something was counted by that. */
export const timelinePartition = (tenant: string, { subject, ...of }: TimelineOf): string =>
  `${scope(tenant)}SERVED#${environmentPart(of)}#${subjectPart(subject)}`;
export const momentKey = (
  tenant: string,
  of: TimelineOf,
  what: 'live' | 'failed',
  { at, id: deployment }: Position,
): Key => ({
  PK: timelinePartition(tenant, of),
  SK: `${what === 'live' ? LIVE : FAILED}${instant(at)}${deployment === undefined ? '' : `#${id(deployment)}`}`,
});
/** Sorts before all others, so that reading backwards from a moment meets nothing else. */
export const LIVE = 'LIVE#';
export const FAILED = 'STOP#';
export const timelineKey = (tenant: string, of: TimelineOf): Key => ({
  PK: timelinePartition(tenant, of),
  SK: 'VERSION',
});
/** The moment that a sort key names. */
export const momentOf = (SK: string): Moment => {
  const [, at = '', deployment = ''] = SK.split('#');
  return { at, id: deployment };
};

/** What was last seen in each slot of an environment. */
export const observationsPartition = (tenant: string, of: InEnvironment): string =>
  `${scope(tenant)}OBSERVED#${environmentPart(of)}`;
export const observationKey = (tenant: string, slot: Slot): Key => ({
  PK: observationsPartition(tenant, slot),
  SK: `${subjectPart(slot.subject)}${gatewayPart(slot)}`,
});

export const attemptKey = (tenant: string, deployment: string, rule: string, version: number): Key => ({
  PK: `${scope(tenant)}ATTEMPT#${id(deployment)}`,
  SK: `${id(rule)}#${ordinal(version)}`,
});
