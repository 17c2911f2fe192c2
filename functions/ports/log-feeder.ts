/** What feeds the logs of tenants, beside its runs every minute. */
export interface LogFeeder {
  /** Has the log of a tenant fed at once, when the tenant was quiet for a minute. Throws `Unavailable`. */
  wake(tenant: string): Promise<void>;
}
