import { isArtifactName } from '../../domain/artifact/repository-path.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Registries } from '../../ports/registries.ts';
import { orRefusal } from '../artifacts/registry-refusal.ts';
import { signaturesOf } from '../artifacts/signatures.ts';
import type { Deps } from '../deps.ts';
import { type SubmitDeps, type Submitted, submitEvidence } from './submit.ts';

export type CollectDeps = SubmitDeps &
  Pick<Deps, 'catalog' | 'versions'> & { readonly registries: Registries };

/** Whose signatures are looked for: a key in PEM, or a Sigstore trusted root for certificates. */
export type Signer = { readonly public_key: string } | { readonly trusted_root: object };

/** What was found: evidence of each signature that holds, and what was passed over. */
export type Collected = {
  readonly taken: readonly Submitted[];
  readonly passed_over: readonly { readonly referrer: string; readonly problem: string }[];
};

/**
 * Takes in the signatures that a version of an artifact has as referrers in its registry: each that holds by the key or root becomes
 * evidence of its gate, as if somebody had brought it, and counts for who signed it. Roles are the caller's to check. Refuses
 * `not_found` where there is no such version or none of its signatures holds, `no_registry`, `registry_failed`.
 */
export async function collectSignatures(
  deps: CollectDeps,
  input: {
    readonly principal: Principal;
    readonly artifact: string;
    /** Semver without `v`. */
    readonly version: string;
    readonly gate: string;
    readonly signer: Signer;
  },
): Promise<Collected | Refusal> {
  const { principal, artifact, version, gate, signer } = input;
  const { tenant } = principal;
  const published = isArtifactName(artifact)
    ? await deps.versions.read(tenant, artifact, version)
    : undefined;
  if (published === undefined) return refuse('not_found', `there is no version ${version} of ${artifact}`);
  const registry = await deps.catalog.item(tenant, 'registry', published.registry);
  if (registry === undefined) {
    return refuse('no_registry', `${published.label} was published in ${published.registry}, which is gone`);
  }
  const repository = deps.registries.repository(tenant, registry, published.repository);
  const found = await orRefusal(() => signaturesOf(repository, published.digest));
  if ('refused' in found) return found;
  const taken: Submitted[] = [];
  const passed_over: { referrer: string; problem: string }[] = [...found.passed_over];
  for (const { referrer, document } of found.signatures) {
    const submission = {
      gate,
      format: 'cosign',
      subject_digest: published.digest,
      document: { ...document, ...signer },
    } as const;
    const submitted = await submitEvidence(deps, { principal, submission });
    if (!isRefusal(submitted)) taken.push(submitted);
    else if (submitted.refused === 'invalid_request')
      passed_over.push({ referrer, problem: submitted.detail });
    else return submitted;
  }
  if (taken.length > 0) return { taken, passed_over };
  const seen = passed_over.length === 0 ? 'none refers to it' : `none of ${passed_over.length} holds`;
  return refuse(
    'not_found',
    `${repository.name} has no signature of ${published.label} by this signer: ${seen}`,
    {
      passed_over,
    },
  );
}
