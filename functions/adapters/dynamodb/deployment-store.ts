import type { DeploymentList, DeploymentStore } from '../../ports/deployment-store.ts';
import { agentPartition, attemptKey, deploymentKey, deploymentsPartition } from './keys.ts';
import { indexedPage, type Range, readBody, readItem } from './read.ts';
import { deployment } from './schemas/slot.ts';
import type { Table } from './table.ts';

export function dynamoDeploymentStore(table: Table): DeploymentStore {
  return {
    read: async (tenant, id) => readBody(table, deploymentKey(tenant, id), deployment),
    list: async (tenant, list, page) => indexedPage(table, range(tenant, list), page, deployment),
    async attempted(tenant, deployment_id, rule_id, rule_version) {
      return (await readItem(table, attemptKey(tenant, deployment_id, rule_id, rule_version))) !== undefined;
    },
  };
}

function range(tenant: string, list: DeploymentList): Range {
  switch (list.by) {
    case 'environment':
      return { partition: deploymentsPartition(tenant, list.environment), index: 'GSI1', newestFirst: true };
    case 'agent':
      return { partition: agentPartition(tenant, list.agent), index: 'GSI2', newestFirst: true };
    default:
      return list satisfies never;
  }
}
