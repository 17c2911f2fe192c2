import { type Digest, isDigest } from '../digest.ts';
import { addDuration, durationMilliseconds } from '../instant.ts';
import { type Refusal, refuse } from '../refusal.ts';

/**
 * Entries that were given in parts and wait to be committed together: a tree that no head points at. It is named by the text that
 * callers carry and nowhere else, so giving a part twice changes nothing, and what is abandoned is collected as garbage.
 */
export type StagedImport = {
  readonly environment: string;
  readonly root: Digest;
  readonly entries: number;
  readonly expires_at: string;
};

/** From its first part on: well within the day for which garbage leaves alone what was put. */
export const STAGED_IMPORT_LIVES = 'PT12H';
/** Entries that one commit takes. */
export const MOST_STAGED = 100_000;

/** A hash under a secret of the tenant: nobody else can make it, so no staged import can be made up. */
export type Seal = (text: string) => Uint8Array;

/** A staged import before its first part. */
export function emptyImport(environment: string, root: Digest, now: string): StagedImport {
  return { environment, root, entries: 0, expires_at: addDuration(now, STAGED_IMPORT_LIVES) };
}

/** A staged import as callers carry it from part to part. */
export function stagedImportText(stage: StagedImport, seal: Seal): string {
  return [stage.root, stage.entries, stage.expires_at, sealOf(stage, seal)].join('~');
}

/** The staged import into an environment that a text names. Refuses `invalid_request` for what is none, and `expired`. */
export function stagedImportOf(
  text: string,
  environment: string,
  seal: Seal,
  now: string,
): StagedImport | Refusal {
  const [root = '', entries = '', expires_at = '', given = ''] = text.split('~');
  if (!isDigest(root) || !/^\d{1,9}$/.test(entries)) return noStagedImport();
  const stage = { environment, root, entries: Number(entries), expires_at };
  if (given !== sealOf(stage, seal)) return noStagedImport();
  if (now < expires_at) return stage;
  const hours = (durationMilliseconds(STAGED_IMPORT_LIVES) ?? 0) / 3_600_000;
  return refuse('expired', `it was begun more than ${hours} hours ago: give the parts again`, { expires_at });
}

function sealOf({ environment, root, entries, expires_at }: StagedImport, seal: Seal): string {
  const sealed = seal(['import', environment, root, entries, expires_at].join('\n'));
  return Buffer.from(sealed).toString('base64url');
}

function noStagedImport(): Refusal {
  return refuse('invalid_request', 'this is no staged import into that environment', {
    errors: [{ field: 'stage', problem: 'is no staged import into that environment' }],
  });
}
