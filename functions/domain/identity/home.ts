type Joined = {
  readonly tenant: string;
  readonly status: 'active' | 'inactive';
  readonly created_at: string;
};

/**
 * The membership that counts when a person names no tenant: the oldest active one. A membership that another tenant's admin makes later
 * changes nothing for the person.
 */
export function homeOf<M extends Joined>(memberships: readonly M[]): M | undefined {
  return memberships.filter(({ status }) => status === 'active').toSorted(byAge)[0];
}

const byAge = (a: Joined, b: Joined): number =>
  a.created_at === b.created_at ? order(a.tenant, b.tenant) : order(a.created_at, b.created_at);

const order = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
