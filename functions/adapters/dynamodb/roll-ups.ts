import type { RollUps } from '../../ports/roll-ups.ts';
import { decodeBody } from './body.ts';
import { rollUpKey, rollUpPartition } from './keys-deployment.ts';
import { queryAll, readBody } from './read.ts';
import { rollUp } from './schemas/roll-up.ts';
import type { Table } from './table.ts';

export function dynamoRollUps(table: Table): RollUps {
  return {
    read: async (tenant, scope, day) => readBody(table, rollUpKey(tenant, scope, day), rollUp),
    async span(tenant, scope, { from, to }) {
      const partition = rollUpPartition(tenant, scope);
      const found = await queryAll(table, { partition, from, until: to, eventually: true });
      return found.map((each) => decodeBody(each, rollUp));
    },
  };
}
