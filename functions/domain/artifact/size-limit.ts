import type { Registry } from '../catalog/registry.ts';
import { type Refusal, refuse } from '../refusal.ts';

/** What of a registry says how large an artifact may be. */
export type SizeLimit = Pick<Registry, 'id' | 'max_artifact_bytes'>;

/** Refuses an artifact of at least so many bytes where the registry takes fewer. `artifact` names it to people. */
export function tooLarge(
  artifact: string,
  bytes: number,
  { id, max_artifact_bytes }: SizeLimit,
): Refusal | undefined {
  if (max_artifact_bytes === undefined || bytes <= max_artifact_bytes) return undefined;
  return refuse(
    'artifact_too_large',
    `${artifact} has ${bytes} bytes, and the registry ${id} takes at most ${max_artifact_bytes}: ` +
      'publish a smaller artifact, or ask an admin to raise max_artifact_bytes',
    { registry_id: id, max_artifact_bytes, bytes },
  );
}
