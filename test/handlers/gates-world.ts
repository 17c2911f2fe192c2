import { expect } from 'vitest';
import { type Digest, digestOfBytes } from '../../functions/domain/digest.ts';
import type { Evidence } from '../../functions/domain/gates/evidence.ts';
import { ACME, createWorld, DEV_ACTOR, START, type World } from './api-world.ts';

export const GATES = [
  'tests',
  'security_scan',
  'signature',
  'cost_analysis',
  'performance_baseline',
  'a-custom-one',
];
/** Staging asks agents for one gate and nobody for approval; an agent stands ready in development. */
export async function arranged(gate: object, world?: World) {
  return arrangedIn(world ?? (await createWorld()), gate);
}

async function arrangedIn(world: World, gate: object) {
  const [dev, admin] = [world.as('dev'), world.as('admin')];
  const gates = [{ applies_to: ['agent'], max_age: 'PT1H', ...gate }];
  expect(
    (await admin('PATCH', '/api/v1/environments/staging', { gates, reason: 'the gates of this test' }))
      .status,
  ).toBe(200);
  await admin('POST', '/api/v1/gateways', { id: 'gw-1', environment: 'staging' });
  const body = { id: 'dep-1', agent_id: 'agent-1', environment: 'development', gateway_id: 'gw-dev' };
  await dev('POST', '/api/v1/deployments', body);
  const asked = {
    agent_id: 'agent-1',
    source_deployment_id: 'dep-1',
    target_gateway_id: 'gw-1',
    target_environment: 'staging',
    execution: 'automatic',
  };
  const subject: Digest =
    (await dev('GET', '/api/v1/deployments/dep-1')).body.digest ?? (await dryDigest(world, asked));
  return { world, asked, subject };
}

/** The digest of what a request would promote, asked through one that is cancelled again. */
async function dryDigest(world: World, asked: object): Promise<Digest> {
  const dev = world.as('dev');
  const { id } = (await dev('POST', '/api/v1/promotions', asked)).body;
  const { manifest } = (await dev('GET', `/api/v1/promotions/${id}/manifest`)).body;
  await dev('DELETE', `/api/v1/promotions/${id}`);
  return manifest.source.digest;
}

/** A report as the store holds it: what an intake at another moment, of another person or format would have left. */
export function report(gate: string, subject: Digest, changes: Partial<Evidence> = {}): Evidence {
  const signed = gate === 'signature';
  return {
    gate,
    format: signed ? 'cosign' : 'json',
    subject_digest: subject,
    produced_at: START,
    received_at: START,
    producer: DEV_ACTOR,
    result: signed ? { passed: true, verified: true, signer: 'key:x' } : { passed: true },
    document_digest: digestOfBytes('document'),
    ...changes,
  };
}

/** Heads, revisions and deployments of the target, to the byte. */
export async function target({ deps }: World): Promise<string> {
  const subject = { kind: 'agent', name: 'agent-1' } as const;
  const slot = { subject, environment: 'staging', gateway: 'gw-1' };
  const page = { limit: 100 };
  return JSON.stringify([
    await deps.heads.ofSubject(ACME, subject),
    await deps.heads.revisions(ACME, slot, page),
    await deps.deployments.list(ACME, { by: 'subject', subject: { kind: 'agent', name: 'agent-1' } }, page),
  ]);
}

export async function promoted({ world, asked }: Awaited<ReturnType<typeof arranged>>) {
  const before = await target(world);
  const { body } = await world.as('dev')('POST', '/api/v1/promotions', asked);
  await world.as('dev')('POST', `/api/v1/promotions/${body.id}/execute`);
  await world.run(body.id).catch(() => undefined);
  const after = (await world.as('dev')('GET', `/api/v1/promotions/${body.id}`)).body;
  return { promotion: after, unchanged: (await target(world)) === before };
}
