import { emptyHead, swap } from '../../functions/domain/promotion/head.ts';
import { ACME, DEV_ACTOR, START, type World } from './api-world.ts';

const digest = `sha256:${'a'.repeat(64)}` as const;

/** An agent that runs in an environment. */
export async function running(world: World, environment: string, gateway: string): Promise<void> {
  const empty = emptyHead({ subject: { kind: 'agent', name: 'agent-1' }, environment, gateway }, START);
  const cause = { by: 'record', deployment_id: 'dep-1' } as const;
  const { head } = swap(empty, { digest, cause, actor: DEV_ACTOR, deployment_id: 'dep-1', now: START });
  await world.commit(ACME, { write: 'head', head, expected: 0 });
}
