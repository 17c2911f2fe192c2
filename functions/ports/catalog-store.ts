import type { ApprovalPolicy } from '../domain/catalog/approval-policy.ts';
import type { Environment } from '../domain/catalog/environment.ts';
import type { Gateway } from '../domain/catalog/gateway.ts';
import type { Rule } from '../domain/catalog/rule.ts';
import type { Freeze } from '../domain/freeze/freeze.ts';
import type { Channel } from '../domain/notification/channel.ts';
import type { Page, PageRequest } from './page.ts';

/** The nouns of the catalog. An environment goes by its name, everything else by its id. */
export type Nouns = {
  readonly environment: Environment;
  readonly rule: Rule;
  readonly policy: ApprovalPolicy;
  readonly gateway: Gateway;
  readonly channel: Channel;
  readonly freeze: Freeze;
};
export type Noun = keyof Nouns;

/** Reads the catalog, strongly consistent. The items of a noun are few (each has a limit per tenant): `all` reads every page. */
export interface CatalogStore {
  item<N extends Noun>(tenant: string, noun: N, id: string): Promise<Nouns[N] | undefined>;
  all<N extends Noun>(tenant: string, noun: N): Promise<readonly Nouns[N][]>;
  page<N extends Noun>(tenant: string, noun: N, page: PageRequest): Promise<Page<Nouns[N]>>;
}
