import type { Digest } from '../../domain/digest.ts';
import { addDuration } from '../../domain/instant.ts';
import { type Alone, RegistryFault, type Repository } from '../../ports/registry.ts';
import type { Deps } from '../deps.ts';

/** How long a claim lasts: longer than three requests to a registry that is slow, each tried four times. */
const CLAIM = 'PT5M';
/** Tries to get it, with pauses of two seconds at most. A writer has it for some milliseconds. */
const TRIES = 20;

export type AloneDeps = Pick<Deps, 'uploads' | 'clock' | 'random' | 'sleep'>;

/**
 * Makes a promotion the only writer of the referrers of a subject, in a repository whose registry keeps them as a tag: promotions to
 * several environments, and records of earlier ones, may write the same tag at once.
 */
export function aloneIn(
  deps: AloneDeps,
  tenant: string,
  { name: repository }: Repository,
): (subject: Digest) => Alone {
  return (subject) => async (act) => {
    const place = { tenant, repository, subject };
    for (let tries = 0; tries < TRIES; tries += 1) {
      const now = deps.clock.now();
      const claim = { now, until: addDuration(now, CLAIM) };
      if (!(await deps.uploads.claimList(place, claim))) {
        await deps.sleep(deps.random() * Math.min(2_000, 100 * 2 ** tries));
        continue;
      }
      try {
        return await act();
      } finally {
        await deps.uploads.releaseList(place, { now: deps.clock.now(), until: claim.until });
      }
    }
    throw new RegistryFault(
      'registry_unavailable',
      `${repository}: another promotion is writing what refers to ${subject}`,
    );
  };
}
