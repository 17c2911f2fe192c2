import { afterEach, beforeEach } from 'vitest';
import type { Principal } from '../../../functions/domain/identity/principal.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import type { Slot } from '../../../functions/domain/subject.ts';
import { type Recorded, recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import type { DeploymentReport } from '../../../functions/use-cases/deployments/request.ts';
import { createWorld, DEV, type STORES, TENANT, type World } from './world.ts';

const AGENT = { kind: 'agent', name: 'agent-123' } as const;
export const report = (more: Partial<DeploymentReport> = {}): DeploymentReport => ({
  id: 'dep-456',
  subject: AGENT,
  environment: 'development',
  gateway_id: 'gw-dev',
  status: 'DEPLOYED',
  details: {},
  ...more,
});
export const slot = (environment = 'development', gateway = 'gw-dev'): Slot => ({
  subject: AGENT,
  environment,
  gateway,
});

export let world: World;

/** A fresh world on these stores before each test, closed after it. */
export function eachOn(open: (typeof STORES)[number]['open']): void {
  let opened: Awaited<ReturnType<typeof open>>;
  beforeEach(async () => {
    opened = await open();
    world = await createWorld(opened.stores);
  });
  afterEach(() => opened.stop());
}

export const record = async (
  more: Partial<DeploymentReport> = {},
  principal: Principal = DEV,
): Promise<Recorded> => {
  const recorded = await recordDeployment(world.deps, { principal, report: report(more) });
  if (isRefusal(recorded)) throw new Error(recorded.detail);
  return recorded;
};
export const refused = async (more: Partial<DeploymentReport>, principal: Principal = DEV) => {
  const recorded = await recordDeployment(world.deps, { principal, report: report(more) });
  if (!isRefusal(recorded)) throw new Error('it was recorded');
  return recorded;
};
export const head = (of: Slot = slot()) => world.deps.heads.read(TENANT, of);
export const revisions = async (of: Slot = slot()) =>
  (await world.deps.heads.revisions(TENANT, of, { limit: 100 })).items;
