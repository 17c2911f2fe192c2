import {
  type Content,
  type Observation,
  observed,
  type Recorded,
} from '../../domain/deployment/observation.ts';
import { digestOfBytes } from '../../domain/digest.ts';
import { Fault } from '../../domain/faults.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { within } from '../../domain/in-environment.ts';
import { addDuration, CLOCK_AHEAD } from '../../domain/instant.ts';
import { driftEvent } from '../../domain/notification/drift-notice.ts';
import { slotText } from '../../domain/promotion/head.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Slot, Subject } from '../../domain/subject.ts';
import { authorizedIn } from '../access/authorize-in.ts';
import type { Deps } from '../deps.ts';
import { RACE_LOST, untilCommitted } from '../engine/until-committed.ts';

export type ObserveDeps = Pick<
  Deps,
  'bus' | 'catalog' | 'clock' | 'denials' | 'deployments' | 'heads' | 'observations' | 'random' | 'sleep'
>;

export type ObserveInput = {
  readonly principal: Principal;
  /** Name or alias. */
  readonly environment: string;
  readonly subject: Subject;
  readonly gateway?: string;
  readonly content: Content;
  readonly observed_at: string;
};

/**
 * Keeps what a machine saw run in a slot: written only when it says something new, or 10 minutes after the last writing. What nobody
 * recorded is put on the bus once, for the channels to tell; a crash before that is made good by the next look. Idempotent. A look
 * older than the one kept changes nothing. Refuses `not_authorized`, `unknown_environment`, and `invalid_request` for an instant ahead
 * of the clock.
 */
export async function observe(deps: ObserveDeps, input: ObserveInput): Promise<Observation | Refusal> {
  const { principal, subject, gateway, content, observed_at } = input;
  const { tenant } = principal;
  const environment = await authorizedIn(deps, principal, 'observe', input.environment);
  if (isRefusal(environment)) return environment;
  const received_at = deps.clock.now();
  if (observed_at > addDuration(received_at, CLOCK_AHEAD)) {
    return refuse('invalid_request', 'observed_at lies in the future', { field: 'observed_at' });
  }
  const slot: Slot = {
    subject,
    ...within(environment),
    ...(gateway === undefined ? {} : { gateway }),
  };
  const seen = { slot, content, observed_at, received_at, observed_by: principal.subject };
  const kept = await untilCommitted<Observation>(deps, async () => {
    const [before, recorded] = await Promise.all([
      deps.observations.read(tenant, slot),
      recordedIn(deps, tenant, slot, content),
    ]);
    const next = observed(before, seen, recorded, (version) => idOf(slot, version));
    if (next === undefined) return before ?? { ...seen, changed_at: observed_at, version: 0 };
    return (await deps.observations.put(tenant, next, next.version - 1)) ? next : RACE_LOST;
  });
  return await told(deps, tenant, kept);
}

/** Names of versions are with the deployments: read only where one is needed. */
async function recordedIn(
  { heads, deployments }: Pick<Deps, 'heads' | 'deployments'>,
  tenant: string,
  slot: Slot,
  { as }: Content,
): Promise<Recorded | undefined> {
  const head = await heads.read(tenant, slot);
  if (head === undefined) return undefined;
  const { deployment_id } = head;
  const live =
    as !== 'image_tag' || deployment_id === undefined
      ? undefined
      : await deployments.read(tenant, deployment_id);
  return live?.version_label === undefined ? { head } : { head, version: live.version_label };
}

/** The version makes it unlike that of any other change there. */
function idOf(slot: Slot, version: number): string {
  const name = digestOfBytes([slot.subject.kind, slot.subject.name, slotText(slot)].join('\n'));
  return `drift-${name.slice('sha256:'.length, 'sha256:'.length + 24)}-${version}`;
}

/** Asks the channels once: it is noted after the bus has it, and channels know what they were told. */
async function told(
  deps: Pick<Deps, 'bus' | 'observations'>,
  tenant: string,
  kept: Observation,
): Promise<Observation> {
  const { slot, content, out_of_band, observed_by } = kept;
  if (out_of_band === undefined || out_of_band.told) return kept;
  const { id, recorded, since } = out_of_band;
  const { environment, gateway, subject } = slot;
  const notice = { id, tenant, environment, ...subject, gateway, observed: content, recorded };
  try {
    await deps.bus.publish([driftEvent({ ...notice, at: since, by: observed_by })]);
  } catch (error) {
    // The next look publishes it.
    if (error instanceof Fault) return kept;
    throw error;
  }
  const noted = { ...kept, out_of_band: { ...out_of_band, told: true }, version: kept.version + 1 };
  return (await deps.observations.put(tenant, noted, kept.version)) ? noted : kept;
}
