import type { Digest } from '../../domain/digest.ts';
import type { Evidence } from '../../domain/gates/evidence.ts';
import { actorView } from './promotion-views.ts';

/** Shows a report in snake_case. */
export const evidenceView = (evidence: Digest, { producer, environments, ...report }: Evidence) => ({
  evidence,
  ...report,
  ...(environments === undefined ? {} : { environments: [...environments] }),
  producer: actorView(producer),
});
