import type { Role } from '../../functions/domain/identity/principal.ts';
import { ACME, START, type World } from './api-world.ts';
import type { Answer } from './event.ts';

/** Makes a member whose only role is in one environment, and answers who calls as they do. */
export async function narrow(
  world: World,
  role: Role,
  environment: string,
): Promise<(method: string, path: string, body?: unknown) => Promise<Answer>> {
  const subject = `${role}-of-${environment}`;
  const membership = {
    ...{ tenant: ACME, subject, user_id: subject, email: `${subject}@acme.com`, groups: [] },
    ...{ grants: [{ role, environment }], status: 'active' as const },
    ...{ version: 1, created_at: START, updated_at: START },
  };
  await world.commit(ACME, { write: 'membership', membership, expected: 0 });
  return (method, path, body) =>
    world.send({ method, path, signer: { sub: subject }, ...(body === undefined ? {} : { body }) });
}
