import { type Key, scope } from '../../../functions/adapters/dynamodb/key-parts.ts';
import type { Consumer } from '../../../functions/domain/artifact/consumer.ts';
import type { ArtifactSettings } from '../../../functions/domain/artifact/settings.ts';
import type { ArtifactVersion } from '../../../functions/domain/artifact/version.ts';
import type { Change } from '../../../functions/domain/audit/change.ts';
import type { PendingChange } from '../../../functions/domain/audit/pending-change.ts';
import type { ApprovalPolicy } from '../../../functions/domain/catalog/approval-policy.ts';
import type { Environment } from '../../../functions/domain/catalog/environment.ts';
import type { Gateway } from '../../../functions/domain/catalog/gateway.ts';
import type { Registry } from '../../../functions/domain/catalog/registry.ts';
import type { Rule } from '../../../functions/domain/catalog/rule.ts';
import type { Deployment } from '../../../functions/domain/deployment/deployment.ts';
import type { Moment } from '../../../functions/domain/deployment/history.ts';
import type { Observation } from '../../../functions/domain/deployment/observation.ts';
import type { RollUp } from '../../../functions/domain/deployment/roll-up.ts';
import type { FlagKey } from '../../../functions/domain/flags/flag-key.ts';
import type { Freeze } from '../../../functions/domain/freeze/freeze.ts';
import type { Evidence } from '../../../functions/domain/gates/evidence.ts';
import type { ProviderAnswer } from '../../../functions/domain/gates/provider.ts';
import type { MachineIdentity } from '../../../functions/domain/identity/machine.ts';
import type { Membership } from '../../../functions/domain/identity/member.ts';
import type { Session } from '../../../functions/domain/identity/session.ts';
import type { ApprovalLink } from '../../../functions/domain/link/link.ts';
import type { Channel } from '../../../functions/domain/notification/channel.ts';
import type { StoredEvent } from '../../../functions/domain/promotion/events.ts';
import type { Weakened } from '../../../functions/domain/promotion/governor.ts';
import type { Head, Revision } from '../../../functions/domain/subject.ts';
import type { Delivery } from '../../../functions/ports/deliveries.ts';
import type { Denial } from '../../../functions/ports/denials.ts';
import type { Tenant } from '../../../functions/ports/directory.ts';
import type { WatchList, WatchListRef } from '../../../functions/ports/evidence-store.ts';
import type { Occupancy } from '../../../functions/ports/head-store.ts';
import type { News } from '../../../functions/ports/log-news.ts';
import type { StoredPromotion, TaskToken } from '../../../functions/ports/promotion-store.ts';
import type { StoredAnswer } from '../../../functions/ports/transaction.ts';
import type { Stopped, UnblockRecord } from '../../../functions/ports/unblock-records.ts';

/** A copy that nobody can change, so that everybody may have the same one; bytes cannot be frozen. */
function frozen<T>(value: T): T {
  const copy = structuredClone(value);
  freeze(copy);
  return copy;
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  Object.freeze(value);
  for (const each of Object.values(value)) freeze(each);
}

/** Things of one type by key. What goes in is a copy, as it is with a table, and nobody can change what comes out. */
export class MemoryMap<T> {
  readonly #cells = new Map<string, { readonly key: Key; readonly value: T }>();

  get(key: Key): T | undefined {
    return this.#cells.get(nameOf(key))?.value;
  }

  set(key: Key, value: T): void {
    this.#cells.set(nameOf(key), { key, value: frozen(value) });
  }

  delete(key: Key): void {
    this.#cells.delete(nameOf(key));
  }

  /** Everything in a partition, by sort key. */
  partition(PK: string): T[] {
    const chosen = this.#where((key) => key.PK === PK);
    return chosen.sort((a, b) => (a.key.SK < b.key.SK ? -1 : 1)).map(({ value }) => value);
  }

  /** Everything of a tenant, in no order. */
  ofTenant(tenant: string): T[] {
    const begin = scope(tenant);
    return this.#where((key) => key.PK.startsWith(begin)).map(({ value }) => value);
  }

  /** Everything with its key, in no order. */
  everywhere(): { readonly key: Key; readonly value: T }[] {
    return this.#where(() => true);
  }

  /** Everything, in no order. */
  all(): T[] {
    return this.#where(() => true).map(({ value }) => value);
  }

  #where(chosen: (key: Key) => boolean) {
    return [...this.#cells.values()].filter(({ key }) => chosen(key));
  }
}

/** A watch list as kept: `work` while its newest report may not have reached everybody. */
export type KeptWatchList = WatchListRef & WatchList & { readonly work: boolean };

/** All that a store holds. */
export type Memory = ReturnType<typeof emptyMemory>;

export function emptyMemory() {
  return {
    promotions: new MemoryMap<StoredPromotion>(),
    events: new MemoryMap<readonly StoredEvent[]>(),
    tokens: new MemoryMap<TaskToken>(),
    places: new MemoryMap<string>(),
    holds: new MemoryMap<'rejected' | 'held'>(),
    heads: new MemoryMap<Head>(),
    formerHeads: new MemoryMap<Head>(),
    occupancies: new MemoryMap<Occupancy & { readonly moves: number }>(),
    revisions: new MemoryMap<Revision>(),
    deployments: new MemoryMap<Deployment>(),
    rollUps: new MemoryMap<RollUp>(),
    moments: new MemoryMap<{ readonly what: 'live' | 'failed'; readonly moment: Moment }>(),
    timelines: new MemoryMap<{ readonly version: number }>(),
    attempts: new MemoryMap<string>(),
    evaluations: new MemoryMap<{ readonly version: number; readonly at: string | undefined }>(),
    observations: new MemoryMap<Observation>(),
    evidence: new MemoryMap<Evidence>(),
    retired: new MemoryMap<Evidence>(),
    providerAnswers: new MemoryMap<ProviderAnswer>(),
    documents: new MemoryMap<string>(),
    watchLists: new MemoryMap<KeptWatchList>(),
    answers: new MemoryMap<StoredAnswer>(),
    environment: new MemoryMap<Environment>(),
    rule: new MemoryMap<Rule>(),
    policy: new MemoryMap<ApprovalPolicy>(),
    gateway: new MemoryMap<Gateway>(),
    registry: new MemoryMap<Registry>(),
    consumer: new MemoryMap<Consumer>(),
    artifact_settings: new MemoryMap<ArtifactSettings>(),
    flag_key: new MemoryMap<FlagKey>(),
    flagKeyUses: new MemoryMap<{ readonly id: string; readonly at: string }>(),
    freeze: new MemoryMap<Freeze>(),
    artifactVersions: new MemoryMap<ArtifactVersion>(),
    uploads: new MemoryMap<string>(),
    lists: new MemoryMap<string>(),
    pending_change: new MemoryMap<PendingChange>(),
    weakened: new MemoryMap<Weakened>(),
    news: new MemoryMap<News & { readonly tenant: string }>(),
    channel: new MemoryMap<Channel>(),
    deliveryCursors: new MemoryMap<number>(),
    deliveries: new MemoryMap<Delivery>(),
    backoff: new MemoryMap<string>(),
    told: new MemoryMap<readonly string[]>(),
    memberships: new MemoryMap<Membership>(),
    machines: new MemoryMap<MachineIdentity>(),
    identities: new MemoryMap<MachineIdentity>(),
    tenants: new MemoryMap<Tenant>(),
    denials: new MemoryMap<Denial>(),
    changes: new MemoryMap<Change>(),
    sessions: new MemoryMap<Session>(),
    links: new MemoryMap<ApprovalLink>(),
    stopped: new MemoryMap<Stopped>(),
    unblockRecords: new MemoryMap<UnblockRecord & { readonly work: boolean }>(),
  };
}

export function nameOf(key: Key): string {
  return `${key.PK}\n${key.SK}`;
}
