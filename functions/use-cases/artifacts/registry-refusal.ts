import { type Refusal, refuse } from '../../domain/refusal.ts';
import { REGISTRY_FAULTS, RegistryFault } from '../../ports/registry.ts';

/** Runs what talks to a registry, and answers what the registry refuses or fails at as a refusal that names it. */
export async function orRefusal<T extends object>(run: () => Promise<T | Refusal>): Promise<T | Refusal> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof RegistryFault) return refusalOf(error);
    throw error;
  }
}

function refusalOf({ code, message, retryAfter }: RegistryFault): Refusal {
  if (code === 'tag_exists' || code === 'artifact_too_large') return refuse(code, message);
  const { retry } = REGISTRY_FAULTS[code];
  const after = retryAfter === undefined ? {} : { retry_after_seconds: retryAfter };
  return refuse('registry_failed', message, { registry_code: code, retry, ...after });
}
