import { id, type Key, name, scope, shardOf } from './key-parts.ts';

/** Partitions of the news of all tenants. Each is read every minute, news or none; together they take 4,000 items a second. */
export const NEWS_SHARDS = 4;
/** Chains that the logs have not reached. Those of one tenant lie together, so that a log is fed in one go. */
export const newsPartition = (shard: number): string => `SYS#NEWS#${shard}`;
export const newsPartitionOf = (tenant: string): string =>
  newsPartition(shardOf(tenant, 'log') % NEWS_SHARDS);
export const newsKey = (tenant: string, chain: string): Key => ({
  PK: newsPartitionOf(tenant),
  SK: `${id(tenant)}#${name(chain)}`,
});
/** All news of a tenant, by sort key. */
export const newsFrom = (tenant: string): string => `${id(tenant)}#`;
export const newsUntil = (tenant: string): string => `${id(tenant)}#~`;

/** The log of a tenant: its head, and where the newest entry of each chain stands. */
export const logHeadKey = (tenant: string): Key => ({ PK: `${scope(tenant)}LOG#head`, SK: 'STATE' });
export const logPlaceKey = (tenant: string, chain: string): Key => ({
  PK: `${scope(tenant)}LOG#${name(chain)}`,
  SK: 'PLACE',
});
