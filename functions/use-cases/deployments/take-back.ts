import type { Deployment } from '../../domain/deployment/deployment.ts';
import type { Actor } from '../../domain/identity/principal.ts';
import { swap } from '../../domain/promotion/head.ts';
import type { Head } from '../../domain/subject.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import { writeHead } from '../engine/write-head.ts';

/** Revisions read at first, and with each later read: most are taken back to the one just before. */
const FIRST = 10;
const MORE = 100;

/**
 * What takes a recorded deployment off its slot's head: the newest earlier one that is still DEPLOYED is active again, or
 * nothing is. The earlier record is written too, so that a report about it at the same moment loses the race.
 */
export async function takeBackWrites(
  deps: Pick<Deps, 'heads' | 'deployments'>,
  input: {
    readonly tenant: string;
    readonly gone: Deployment;
    readonly head: Head;
    readonly actor: Actor;
    readonly now: string;
  },
): Promise<readonly Write[]> {
  const { tenant, gone, head, actor, now } = input;
  const earlier = await stillDeployed(deps, tenant, head, gone.id);
  const swapped = swap(head, {
    digest: earlier?.digest ?? null,
    cause: { by: 'record', deployment_id: earlier?.id ?? gone.id },
    actor,
    ...(earlier === undefined ? {} : { deployment_id: earlier.id, version_label: earlier.version_label }),
    now,
  });
  const writes: Write[] = [writeHead(head, swapped.head), { write: 'revision', revision: swapped.revision }];
  if (earlier === undefined) return writes;
  const resumed = { ...earlier, resumed_at: now, version: earlier.version + 1 };
  return [...writes, { write: 'deployment', deployment: resumed, expected: earlier.version }];
}

/** The deployment that was active in a slot most recently of those that are DEPLOYED, but for one. */
export async function stillDeployed(
  deps: Pick<Deps, 'heads' | 'deployments'>,
  tenant: string,
  { slot }: Head,
  gone: string,
): Promise<Deployment | undefined> {
  const seen = new Set([gone]);
  let after: string | undefined;
  let limit = FIRST;
  do {
    const page = await deps.heads.revisions(tenant, slot, {
      limit,
      ...(after === undefined ? {} : { after }),
    });
    const named = page.items.flatMap(({ deployment_id }) => deployment_id ?? []);
    const fresh = [...new Set(named)].filter((id) => !seen.has(id));
    for (const id of fresh) seen.add(id);
    const found = await Promise.all(fresh.map((id) => deps.deployments.read(tenant, id)));
    const earlier = found.find((deployment) => deployment?.status === 'DEPLOYED');
    if (earlier !== undefined) return earlier;
    after = page.next;
    limit = MORE;
  } while (after !== undefined);
  return undefined;
}
