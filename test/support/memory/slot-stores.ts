import {
  attemptKey,
  deploymentKey,
  headKey,
  headsKey,
  revisionsKey,
} from '../../../functions/adapters/dynamodb/keys.ts';
import type { Deployment } from '../../../functions/domain/deployment/deployment.ts';
import type { Head } from '../../../functions/domain/promotion/subject.ts';
import type { DeploymentList, DeploymentStore } from '../../../functions/ports/deployment-store.ts';
import type { HeadStore } from '../../../functions/ports/head-store.ts';
import type { Memory } from './cells.ts';
import { pageOf } from './paging.ts';

export function memoryHeads(memory: Memory): HeadStore {
  return {
    read: async (tenant, slot) => memory.heads.get(headKey(tenant, slot)),
    ofSubject: async (tenant, subject) => memory.heads.partition(headsKey(tenant, subject)),
    async inEnvironment(tenant, environment, page) {
      const heads = memory.heads.ofTenant(tenant);
      return pageOf(
        heads.filter(({ slot }) => slot.environment === environment),
        headPosition,
        page,
      );
    },
    async revisions(tenant, slot, page) {
      const all = memory.revisions.partition(revisionsKey(tenant, slot));
      return pageOf(all, ({ number }) => String(number).padStart(12, '0'), page, true);
    },
    async revisionsFrom(tenant, slot, first, limit) {
      const all = memory.revisions.partition(revisionsKey(tenant, slot));
      return all.filter(({ number }) => number >= first).slice(0, limit);
    },
  };
}

export function memoryDeployments(memory: Memory): DeploymentStore {
  return {
    read: async (tenant, id) => memory.deployments.get(deploymentKey(tenant, id)),
    async list(tenant, list, page) {
      const all = memory.deployments.ofTenant(tenant).filter((deployment) => isIn(list, deployment));
      return pageOf(all, ({ deployed_at, id }) => `${deployed_at}#${id}`, page, true);
    },
    attempted: async (tenant, deployment_id, rule_id, rule_version) =>
      memory.attempts.get(attemptKey(tenant, deployment_id, rule_id, rule_version)) !== undefined,
  };
}

function isIn(list: DeploymentList, { environment, subject }: Deployment): boolean {
  switch (list.by) {
    case 'environment':
      return environment === list.environment;
    case 'agent':
      return subject.kind === 'agent' && subject.name === list.agent;
    default:
      return list satisfies never;
  }
}

function headPosition({ slot }: Head): string {
  return `${slot.subject.kind}#${slot.subject.name}#${slot.gateway ?? ''}`;
}
