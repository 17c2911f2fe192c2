import type { MachineIdentity } from '../domain/identity/machine.ts';
import type { Membership } from '../domain/identity/member.ts';
import type { Page, PageRequest } from './page.ts';

export type Tenant = {
  readonly id: string;
  readonly name: string;
  readonly created_at: string;
  readonly version: number;
};

/** Who is who. Reads of one item are strongly consistent. */
export interface Directory {
  membership(tenant: string, subject: string): Promise<Membership | undefined>;
  /** Every tenant a person belongs to. */
  membershipsOf(subject: string): Promise<readonly Membership[]>;
  /** Those of some people and machines who are in the tenant, in one batched read, in no order. */
  named(
    tenant: string,
    who: { readonly subjects: readonly string[]; readonly machines: readonly string[] },
  ): Promise<{ readonly members: readonly Membership[]; readonly machines: readonly MachineIdentity[] }>;
  members(tenant: string, page: PageRequest): Promise<Page<Membership>>;
  /** Active members whose roles let them approve in some environment, by subject; strongly consistent. */
  approvers(tenant: string, page: PageRequest): Promise<Page<Membership>>;
  /** How many members there are, as an index knows it: behind by moments. */
  countMembers(tenant: string): Promise<number>;
  /** The machine behind an IAM identity, in whichever tenant it is registered. */
  machineByIdentity(account: string, role: string, unique_id: string): Promise<MachineIdentity | undefined>;
  machine(tenant: string, id: string): Promise<MachineIdentity | undefined>;
  machines(tenant: string, page: PageRequest): Promise<Page<MachineIdentity>>;
  countMachines(tenant: string): Promise<number>;
  tenant(id: string): Promise<Tenant | undefined>;
  tenants(page: PageRequest): Promise<Page<Tenant>>;
}
