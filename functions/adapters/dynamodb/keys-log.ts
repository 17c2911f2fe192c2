import { digestOfBytes } from '../../domain/digest.ts';
import type { Grown } from '../../ports/log-news.ts';
import { id, type Key, name, ordinal, scope, shardOf, short } from './key-parts.ts';

/** Partitions of the news of all tenants. Each is read every minute, news or none; together they take 4,000 items a second. */
const NEWS_SHARDS = 4;
const shardOfTenant = (tenant: string): number => shardOf(tenant, 'log') % NEWS_SHARDS;
const shards = (prefix: string) => Array.from({ length: NEWS_SHARDS }, (_, shard) => `${prefix}${shard}`);
const [OF_COMMITS, OF_CHAINS] = ['SYS#NEWS#commits#', 'SYS#NEWS#'];

/** Every partition of news. The last ones hold news as version 0.1.0 wrote it, one item a chain, which it reads after a step back. */
export const NEWS_PARTITIONS: readonly string[] = [...shards(OF_COMMITS), ...shards(OF_CHAINS)];
/** Where the news of a tenant lies: that of commits, and that of chains as version 0.1.0 wrote it. */
export const newsPartitionsOf = (tenant: string): readonly [commits: string, chains: string] => [
  `${OF_COMMITS}${shardOfTenant(tenant)}`,
  `${OF_CHAINS}${shardOfTenant(tenant)}`,
];
/** One item a commit: no other commit appended the entry that its first chain ends with. */
export const newsKey = (tenant: string, { chain, seq }: Pick<Grown, 'chain' | 'seq'>): Key => ({
  PK: newsPartitionsOf(tenant)[0],
  SK: `${id(tenant)}#${chainPart(chain)}#${ordinal(seq)}`,
});
/** All news of a tenant, by sort key. */
export const newsFrom = (tenant: string): string => `${id(tenant)}#`;
export const newsUntil = (tenant: string): string => `${id(tenant)}#~`;

/** The log of a tenant: its head, and where the newest entry of each chain stands. */
export const logHeadKey = (tenant: string): Key => ({ PK: `${scope(tenant)}LOG#head`, SK: 'STATE' });
export const logPlaceKey = (tenant: string, chain: string): Key => ({
  PK: `${scope(tenant)}LOG#${chainPart(chain)}`,
  SK: 'PLACE',
});

/** A chain as a part of a key. Those of heads are too long, and say what separates parts: 132 bits of their digest stand for them. */
const chainPart = (chain: string): string =>
  chain.startsWith('head/') ? `head/${short(digestOfBytes(chain), 22)}` : name(chain);
