import type { LateReads } from '../../ports/late-reads.ts';
import { dynamoCatalogStore } from './catalog-store.ts';
import { dynamoChangeLog } from './change-log.ts';
import { dynamoDeploymentStore } from './deployment-store.ts';
import { dynamoDirectory } from './directory.ts';
import { dynamoHeadStore } from './head-store.ts';
import type { Table } from './table.ts';
import { dynamoTaskTokens } from './task-tokens.ts';

export function dynamoLateReads(table: Table): LateReads {
  const late = { ...table, late: true } as const;
  return {
    directory: dynamoDirectory(late),
    catalog: dynamoCatalogStore(late),
    heads: dynamoHeadStore(late),
    deployments: dynamoDeploymentStore(late),
    changes: dynamoChangeLog(late),
    tokens: dynamoTaskTokens(late),
  };
}
