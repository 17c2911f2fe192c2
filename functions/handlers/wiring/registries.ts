import { streamingEgress } from '../../adapters/egress/stream.ts';
import { ociRegistries } from '../../adapters/oci/registries.ts';
import type { Registries } from '../../ports/registries.ts';
import type { Environment } from '../environment.ts';
import { wireSecrets } from './secrets.ts';
import { signaturesOnDemand } from './signatures.ts';

/** Seconds of a step that may go into copying: a step has 420, so that the chunks in flight arrive. */
export const STEP_COPY_SECONDS = 270;

/** For functions that have other things to do. */
export const BRIEF_COPY_SECONDS = 15;

/** Milliseconds of silence after which a registry is given up that gets a record: the tries of one request end before the function does. */
export const RECORD_IDLE_MS = 8_000;

/** The way to registries, for functions that may read their secrets. */
export function wireRegistries(
  environment: Pick<Environment, 'allowLoopback' | 'secretsPrefix'>,
  copySeconds: number,
  idleMs?: number,
): Registries {
  return ociRegistries({
    copySeconds,
    exchange: streamingEgress({ ...environment, ...(idleMs === undefined ? {} : { idleMs }) }),
    secrets: wireSecrets(environment),
    signatures: signaturesOnDemand,
    now: Date.now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
}
