import type { Consumer } from '../domain/artifact/consumer.ts';
import type { ArtifactSettings } from '../domain/artifact/settings.ts';
import type { PendingChange } from '../domain/audit/pending-change.ts';
import type { ApprovalPolicy } from '../domain/catalog/approval-policy.ts';
import type { Environment } from '../domain/catalog/environment.ts';
import type { Gateway } from '../domain/catalog/gateway.ts';
import type { Registry } from '../domain/catalog/registry.ts';
import type { Rule } from '../domain/catalog/rule.ts';
import type { FlagKey } from '../domain/flags/flag-key.ts';
import type { Freeze } from '../domain/freeze/freeze.ts';
import type { Channel } from '../domain/notification/channel.ts';
import type { Page, PageRequest } from './page.ts';

/** The nouns of the catalog. An environment goes by its name, everything else by its id. */
export type Nouns = {
  readonly environment: Environment;
  readonly rule: Rule;
  readonly policy: ApprovalPolicy;
  readonly gateway: Gateway;
  readonly registry: Registry;
  readonly consumer: Consumer;
  readonly artifact_settings: ArtifactSettings;
  readonly channel: Channel;
  readonly freeze: Freeze;
  readonly flag_key: FlagKey;
  readonly pending_change: PendingChange;
};
export type Noun = keyof Nouns;

/** The nouns whose items concern the environments that they name. */
export type ScopedNoun = 'rule' | 'policy' | 'freeze';

/** What governs promotions to an environment. */
export type Governing = {
  readonly rules: readonly Rule[];
  readonly policies: readonly ApprovalPolicy[];
  readonly freezes: readonly Freeze[];
};

/** Which environments an item concerns, in the words it was written in: names, aliases, or `*`. */
export const CONCERNS: { readonly [N in ScopedNoun]: (item: Nouns[N]) => readonly string[] } = {
  rule: ({ target_environment }) => [target_environment],
  policy: ({ environments }) => environments,
  freeze: ({ environment }) => [environment],
};

/** Reads the catalog, strongly consistent. The items of a noun are few (each has a limit per tenant): `all` reads every page. */
export interface CatalogStore {
  item<N extends Noun>(tenant: string, noun: N, id: string): Promise<Nouns[N] | undefined>;
  all<N extends Noun>(tenant: string, noun: N): Promise<readonly Nouns[N][]>;
  /** Those that may concern an environment of these names (its name and aliases), or all of them: never fewer. */
  concerning<N extends ScopedNoun>(
    tenant: string,
    noun: N,
    names: readonly string[],
  ): Promise<readonly Nouns[N][]>;
  /** The same of all three nouns at once. */
  governing(tenant: string, names: readonly string[]): Promise<Governing>;
  page<N extends Noun>(tenant: string, noun: N, page: PageRequest): Promise<Page<Nouns[N]>>;
}
