import type { Grant } from './principal.ts';

/** Whether a member administers the whole tenant. */
export function isAdmin({
  status,
  grants,
}: {
  readonly status: 'active' | 'inactive';
  readonly grants: readonly Grant[];
}): boolean {
  return (
    status === 'active' &&
    grants.some(({ role, environment }) => role === 'admin' && environment === undefined)
  );
}
