import type { Timelines } from '../../ports/timelines.ts';
import { integer, text } from './item.ts';
import { FAILED, LIVE, momentKey, momentOf, timelineKey, timelinePartition } from './keys-deployment.ts';
import { queryAll, queryPage, readItem } from './read.ts';
import type { Table } from './table.ts';

export function dynamoTimelines(table: Table): Timelines {
  return {
    async version(tenant, of) {
      const found = await readItem(table, timelineKey(tenant, of));
      return found === undefined ? 0 : integer(found, 'ver');
    },
    async lives(tenant, of, side, position, most) {
      const { PK: partition, SK: after } = momentKey(tenant, of, 'live', position);
      const range =
        side === 'before' ? { partition, after, newestFirst: true } : { partition, after, until: `${LIVE}~` };
      const { items } = await queryPage(table, { ...range, limit: most });
      return items.map((each) => momentOf(text(each, 'SK')));
    },
    async failures(tenant, of, from, until) {
      const partition = timelinePartition(tenant, of);
      const range = { partition, from: `${FAILED}${from}`, until: `${FAILED}${until}~` };
      return (await queryAll(table, range)).map((each) => momentOf(text(each, 'SK')));
    },
  };
}
