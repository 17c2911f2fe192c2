import type { Deployment } from '../../domain/deployment/deployment.ts';
import type { Actor } from '../../domain/identity/principal.ts';
import { emptyHead, swap } from '../../domain/promotion/head.ts';
import type { Head, Slot } from '../../domain/subject.ts';
import type { Write } from '../../ports/transaction.ts';
import { writeHead } from '../engine/write-head.ts';

/** The head a deployment is about: agents have one per gateway, artifacts one per environment. */
export function slotOf(deployment: Pick<Deployment, 'subject' | 'environment' | 'gateway_id'>): Slot {
  const { subject, environment, gateway_id } = deployment;
  return gateway_id === undefined ? { subject, environment } : { subject, environment, gateway: gateway_id };
}

/** What makes a recorded deployment the active one: its slot's head swapped to it, and the revision that says so. */
export function headWrites(
  deployment: Deployment,
  head: Head | undefined,
  actor: Actor,
  now: string,
): readonly Write[] {
  const base = head ?? emptyHead(slotOf(deployment), now);
  const swapped = swap(base, {
    digest: deployment.digest,
    cause: { by: 'record', deployment_id: deployment.id },
    actor,
    deployment_id: deployment.id,
    version_label: deployment.version_label,
    now,
  });
  return [writeHead(base, swapped.head), { write: 'revision', revision: swapped.revision }];
}
