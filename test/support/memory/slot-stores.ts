import type { Key } from '../../../functions/adapters/dynamodb/key-parts.ts';
import {
  catalogKey,
  environmentPartition,
  formerHeadKey,
  formerHeadsPartition,
  headKey,
  headsPartition,
  revisionKey,
  revisionsKey,
} from '../../../functions/adapters/dynamodb/keys.ts';
import {
  attemptKey,
  deploymentKey,
  deploymentRefOf,
  rollUpKey,
  rollUpPartition,
  timelineKey,
  timelinePartition,
} from '../../../functions/adapters/dynamodb/keys-deployment.ts';
import { changedAt, isCounted } from '../../../functions/domain/deployment/counted.ts';
import { branchOf, type Deployment } from '../../../functions/domain/deployment/deployment.ts';
import { isEarlier } from '../../../functions/domain/deployment/history.ts';
import { Fault } from '../../../functions/domain/faults.ts';
import type { Head, Slot, Subject } from '../../../functions/domain/subject.ts';
import type { DeploymentList, DeploymentStore } from '../../../functions/ports/deployment-store.ts';
import type { Evaluations } from '../../../functions/ports/evaluations.ts';
import type { HeadStore } from '../../../functions/ports/head-store.ts';
import type { RollUps } from '../../../functions/ports/roll-ups.ts';
import type { TimelineOf, Timelines } from '../../../functions/ports/timelines.ts';
import type { Memory } from './memory-map.ts';
import { pageOf } from './paging.ts';

export function memoryHeads(memory: Memory): HeadStore {
  return {
    read: async (tenant, slot) => strictly(memory, tenant, slot),
    find: async (tenant, slot) => memory.heads.get(headKey(tenant, slot)),
    async assertNeverWritten(tenant, slot) {
      strictly(memory, tenant, slot);
    },
    peek: async (tenant, slot) => strictly(memory, tenant, slot),
    async ofSubjectIn(tenant, subject, environment) {
      const heads = memory.heads.partition(environmentPartition(tenant, environment));
      return heads.filter(({ slot }) => isOf(slot.subject, subject));
    },
    async ofSubject(tenant, subject) {
      const partition = headsPartition(tenant, subject);
      const heads = memory.heads.ofTenant(tenant);
      return heads.filter(({ slot }) => headsPartition(tenant, slot.subject) === partition);
    },
    async inEnvironment(tenant, environment, page) {
      const heads = memory.heads.partition(environmentPartition(tenant, environment));
      return pageOf(heads, ({ slot }) => headKey(tenant, slot).SK, page);
    },
    async occupancy(tenant, environment) {
      const found = memory.occupancies.get(catalogKey(tenant, 'environment', environment));
      return { heads: found?.heads ?? 0, fills: found?.fills ?? 0 };
    },
    async moves(tenant) {
      const all = memory.environment.ofTenant(tenant).map(({ name }) => name);
      const movesIn = (name: string) =>
        memory.occupancies.get(catalogKey(tenant, 'environment', name))?.moves ?? 0;
      return new Map(all.map((name) => [name, movesIn(name)]));
    },
    glance: async (tenant, environment) => memory.heads.partition(environmentPartition(tenant, environment)),
    async former(tenant, environment, page) {
      const heads = memory.formerHeads.partition(formerHeadsPartition(tenant, environment));
      return pageOf(heads, ({ slot }) => formerHeadKey(tenant, slot).SK, page);
    },
    async revisions(tenant, slot, page) {
      const now = slot.incarnation === undefined ? memory.heads.get(headKey(tenant, slot))?.slot : slot;
      const all = memory.revisions.partition(revisionsKey(tenant, now ?? slot));
      return pageOf(all, ({ number }) => String(number).padStart(12, '0'), page, true);
    },
    async revisionsFrom(tenant, slot, first, limit) {
      const all = memory.revisions.partition(revisionsKey(tenant, slot));
      return all.filter(({ number }) => number >= first).slice(0, limit);
    },
  };
}

function strictly(memory: Memory, tenant: string, slot: Slot): Head | undefined {
  const found = memory.heads.get(headKey(tenant, slot));
  if (found !== undefined || memory.revisions.get(revisionKey(tenant, slot, 1)) === undefined) return found;
  throw new Fault('Corrupt', `the head of ${slot.subject.name} in ${slot.environment} is missing`);
}

export function memoryDeployments(memory: Memory): DeploymentStore {
  return {
    read: async (tenant, id) => memory.deployments.get(deploymentKey(tenant, id)),
    async list(tenant, list, page) {
      const all = memory.deployments.ofTenant(tenant).filter((deployment) => isIn(list, deployment));
      return pageOf(all, ({ deployed_at, id }) => `${deployed_at}#${id}`, page, true);
    },
    async ofDay(tenant, subject, day) {
      const all = memory.deployments.ofTenant(tenant).filter((one) => isOf(one.subject, subject));
      return all
        .filter(({ deployed_at }) => deployed_at.startsWith(day))
        .sort((a, b) => (positionIn(a) < positionIn(b) ? -1 : 1));
    },
    async uncounted(until, page) {
      const all = memory.deployments
        .everywhere()
        .filter(({ value }) => !isCounted(value) && changedAt(value) <= until);
      const found = pageOf(all, ({ key, value }) => `${changedAt(value)}#${key.PK}`, page);
      return { ...found, items: found.items.flatMap(({ key }) => deploymentRefOf(key.PK) ?? []) };
    },
    attempted: async (tenant, deployment_id, rule_id, rule_version) =>
      memory.attempts.get(attemptKey(tenant, deployment_id, rule_id, rule_version)) !== undefined,
  };
}

export function memoryEvaluations(memory: Memory): Evaluations {
  return {
    async due(until, page) {
      const all = memory.deployments.everywhere().flatMap(({ key, value }) => {
        const at = evaluatedAt(memory, key, value);
        return at === undefined || at > until ? [] : [{ key, at }];
      });
      const found = pageOf(all, ({ key, at }) => `${at}#${key.PK}`, page);
      return { ...found, items: found.items.flatMap(({ key }) => deploymentRefOf(key.PK) ?? []) };
    },
    async decide(tenant, { id, version }, at) {
      const key = deploymentKey(tenant, id);
      const stored = memory.deployments.get(key);
      if (stored?.version !== version || !isCounted(stored)) return false;
      memory.evaluations.set(key, { version, at });
      return true;
    },
  };
}

export function memoryRollUps(memory: Memory): RollUps {
  return {
    read: async (tenant, scope, day) => memory.rollUps.get(rollUpKey(tenant, scope, day)),
    async span(tenant, scope, { from, to }) {
      const all = memory.rollUps.partition(rollUpPartition(tenant, scope));
      return all.filter(({ day }) => day >= from && day <= to).sort((a, b) => (a.day < b.day ? -1 : 1));
    },
  };
}

export function memoryTimelines(memory: Memory): Timelines {
  const moments = (tenant: string, of: TimelineOf, wanted: 'live' | 'failed') =>
    memory.moments
      .partition(timelinePartition(tenant, of))
      .flatMap(({ what, moment }) => (what === wanted ? [moment] : []));
  return {
    version: async (tenant, of) => memory.timelines.get(timelineKey(tenant, of))?.version ?? 0,
    async lives(tenant, of, side, { at, id = '' }, most) {
      const all = moments(tenant, of, 'live');
      const found =
        side === 'before'
          ? all.filter((one) => isEarlier(one, { at, id })).reverse()
          : all.filter((one) => isEarlier({ at, id }, one));
      return found.slice(0, most);
    },
    failures: async (tenant, of, from, until) =>
      moments(tenant, of, 'failed').filter(({ at }) => at >= from && at <= until),
  };
}

/** A decision when to ask holds until the next write. */
function evaluatedAt(memory: Memory, key: Key, deployment: Deployment): string | undefined {
  const { subject, status, version } = deployment;
  if (!isCounted(deployment)) return undefined;
  const decided = memory.evaluations.get(key);
  if (decided?.version === version) return decided.at;
  return subject.kind === 'agent' && status !== 'PENDING' ? changedAt(deployment) : undefined;
}

function positionIn({ deployed_at, id }: Deployment): string {
  return `${deployed_at}#${id}`;
}

function isIn(list: DeploymentList, deployment: Deployment): boolean {
  const { environment, subject, version_label } = deployment;
  switch (list.by) {
    case 'environment':
      return environment === list.environment;
    case 'subject':
      return isOf(subject, list.subject);
    case 'label':
      return subject.kind === 'artifact' && isOf(subject, list.subject) && version_label === list.label;
    case 'branch':
      return isOf(subject, list.subject) && branchOf(deployment) === list.branch;
    default:
      return list satisfies never;
  }
}

function isOf(one: Subject, other: Subject): boolean {
  return one.kind === other.kind && one.name === other.name;
}
