import type { Deployment } from '../../domain/deployment/deployment.ts';
import { unreachable } from '../../domain/unreachable.ts';
import type { DeploymentList, DeploymentStore } from '../../ports/deployment-store.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { decodeBody } from './body.ts';
import { type Item, item, text } from './item.ts';
import { dueUntil } from './keys.ts';
import {
  attemptKey,
  branchPartition,
  deployedPartition,
  deploymentKey,
  deploymentOf,
  deploymentRefOf,
  deploymentsPartition,
  labelPartition,
  uncountedPartition,
} from './keys-deployment.ts';
import { indexedPage, pageBy, queryPages, readBody, readItem, readMany } from './read.ts';
import { deployment } from './schemas/slot.ts';
import { sharded } from './sharded.ts';
import type { Table } from './table.ts';

export function dynamoDeploymentStore(table: Table): DeploymentStore {
  return {
    read: async (tenant, id) => readBody(table, deploymentKey(tenant, id), deployment),
    list: (tenant, list, page) => pageOfList(table, tenant, list, page),
    async ofDay(tenant, subject, day) {
      const range = { partition: deployedPartition(tenant, subject), index: 'GSI2' } as const;
      const found: Item[] = [];
      for await (const keys of queryPages(table, { ...range, from: day, until: `${day}~` }, 100)) {
        found.push(...(await readMany(table, keys)).flatMap((each) => (each === undefined ? [] : [each])));
      }
      return found.map((each) => decodeBody(each, deployment));
    },
    uncounted: (until, page) =>
      sharded(
        table,
        {
          index: 'GSI3',
          partition: uncountedPartition,
          refOf: deploymentRefOf,
          until: dueUntil(until),
        },
        page,
      ),
    async attempted(tenant, deployment_id, rule_id, rule_version) {
      return (await readItem(table, attemptKey(tenant, deployment_id, rule_id, rule_version))) !== undefined;
    },
  };
}

async function pageOfList(
  table: Table,
  tenant: string,
  list: DeploymentList,
  page: PageRequest,
): Promise<Page<Deployment>> {
  switch (list.by) {
    case 'environment': {
      const partition = deploymentsPartition(tenant, list.environment);
      return await indexedPage(table, { partition, index: 'GSI1', newestFirst: true }, page, deployment);
    }
    case 'subject': {
      const partition = deployedPartition(tenant, list.subject);
      return await indexedPage(table, { partition, index: 'GSI2', newestFirst: true }, page, deployment);
    }
    case 'label': {
      const partition = labelPartition(tenant, list.subject, list.label);
      const range = { partition, index: 'GSI4', sort: 'GSI1SK', newestFirst: true } as const;
      return await indexedPage(table, range, page, deployment);
    }
    case 'branch': {
      const partition = branchPartition(tenant, list.subject, list.branch);
      const found = await pageBy(table, { partition, newestFirst: true }, page, (each) => text(each, 'SK'));
      const keys = found.items.map((SK) => item({ ...deploymentKey(tenant, deploymentOf(SK)) }));
      const items = (await readMany(table, keys)).flatMap((each) =>
        each === undefined ? [] : [decodeBody(each, deployment)],
      );
      return { ...found, items };
    }
    default:
      return unreachable(list);
  }
}
