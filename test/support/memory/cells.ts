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
import type { Observation } from '../../../functions/domain/deployment/observation.ts';
import type { RollUp } from '../../../functions/domain/deployment/roll-up.ts';
import type { FlagKey } from '../../../functions/domain/flags/flag-key.ts';
import type { Freeze } from '../../../functions/domain/freeze/freeze.ts';
import type { Evidence } from '../../../functions/domain/gates/evidence.ts';
import type { ProviderAnswer } from '../../../functions/domain/gates/provider.ts';
import type { Session } from '../../../functions/domain/identity/session.ts';
import type { ApprovalLink } from '../../../functions/domain/link/link.ts';
import type { Channel } from '../../../functions/domain/notification/channel.ts';
import type { StoredEvent } from '../../../functions/domain/promotion/events.ts';
import type { Weakened } from '../../../functions/domain/promotion/governor.ts';
import type { Head, Revision } from '../../../functions/domain/subject.ts';
import type { Delivery } from '../../../functions/ports/deliveries.ts';
import type { Denial } from '../../../functions/ports/denials.ts';
import type { MachineIdentity, Membership, Tenant } from '../../../functions/ports/directory.ts';
import type { Docket, DocketRef } from '../../../functions/ports/evidence-store.ts';
import type { Occupancy } from '../../../functions/ports/head-store.ts';
import type { Opening, Stopped } from '../../../functions/ports/openings.ts';
import type { StoredPromotion, TaskToken } from '../../../functions/ports/promotion-store.ts';
import type { StoredAnswer } from '../../../functions/ports/transaction.ts';

/** Things of one type by key. What goes in and comes out is a copy, as it is with a table. */
export class Cells<T> {
  readonly #cells = new Map<string, { readonly key: Key; readonly value: T }>();

  get(key: Key): T | undefined {
    return structuredClone(this.#cells.get(nameOf(key))?.value);
  }

  set(key: Key, value: T): void {
    this.#cells.set(nameOf(key), { key, value: structuredClone(value) });
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
    return structuredClone([...this.#cells.values()].filter(({ key }) => chosen(key)));
  }
}

/** A docket as kept: `work` while its newest report may not have reached everybody. */
export type KeptDocket = DocketRef & Docket & { readonly work: boolean };

/** All that a store holds. */
export type Memory = ReturnType<typeof emptyMemory>;

export function emptyMemory() {
  return {
    promotions: new Cells<StoredPromotion>(),
    events: new Cells<readonly StoredEvent[]>(),
    tokens: new Cells<TaskToken>(),
    places: new Cells<string>(),
    holds: new Cells<true>(),
    heads: new Cells<Head>(),
    occupancies: new Cells<Occupancy>(),
    revisions: new Cells<Revision>(),
    deployments: new Cells<Deployment>(),
    rollUps: new Cells<RollUp>(),
    attempts: new Cells<string>(),
    observations: new Cells<Observation>(),
    evidence: new Cells<Evidence>(),
    retired: new Cells<Evidence>(),
    providerAnswers: new Cells<ProviderAnswer>(),
    documents: new Cells<string>(),
    dockets: new Cells<KeptDocket>(),
    answers: new Cells<StoredAnswer>(),
    environment: new Cells<Environment>(),
    rule: new Cells<Rule>(),
    policy: new Cells<ApprovalPolicy>(),
    gateway: new Cells<Gateway>(),
    registry: new Cells<Registry>(),
    consumer: new Cells<Consumer>(),
    artifact_settings: new Cells<ArtifactSettings>(),
    flag_key: new Cells<FlagKey>(),
    flagKeyUses: new Cells<{ readonly id: string; readonly at: string }>(),
    freeze: new Cells<Freeze>(),
    artifactVersions: new Cells<ArtifactVersion>(),
    uploads: new Cells<string>(),
    lists: new Cells<string>(),
    pending_change: new Cells<PendingChange>(),
    weakened: new Cells<Weakened>(),
    channel: new Cells<Channel>(),
    deliveryCursors: new Cells<number>(),
    deliveries: new Cells<Delivery>(),
    rests: new Cells<string>(),
    told: new Cells<readonly string[]>(),
    memberships: new Cells<Membership>(),
    machines: new Cells<MachineIdentity>(),
    identities: new Cells<MachineIdentity>(),
    tenants: new Cells<Tenant>(),
    denials: new Cells<Denial>(),
    changes: new Cells<Change>(),
    sessions: new Cells<Session>(),
    links: new Cells<ApprovalLink>(),
    stopped: new Cells<Stopped>(),
    openings: new Cells<Opening & { readonly work: boolean }>(),
  };
}

export function nameOf(key: Key): string {
  return `${key.PK}\n${key.SK}`;
}
