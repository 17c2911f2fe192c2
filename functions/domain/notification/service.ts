import type { Digest } from '../digest.ts';
import { TRAITS } from '../kind-traits.ts';
import type { Subject } from '../subject.ts';

/** What runs in an environment, as CDEvents sees it. */
export type ServiceSubject = Subject & { readonly environment: string; readonly digest: Digest };

/** The name of a service within its tenant: `agent/agent-123`. */
export function serviceName({ kind, name }: Subject): string {
  return `${kind}/${name}`;
}

/** The content that CDEvents prescribes for its service events: where, and as a package URL (purl-spec) what. */
export function serviceContent({ kind, name, environment, digest }: ServiceSubject) {
  const artifactId = `pkg:${TRAITS[kind].purl}/${encodeURIComponent(name)}@${encodeURIComponent(digest)}`;
  return { environment: { id: environment }, artifactId };
}
