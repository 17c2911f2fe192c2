import type { Descriptor } from '../../domain/artifact/descriptor.ts';
import { linksOf } from '../../domain/artifact/manifest.ts';
import { isArtifactName } from '../../domain/artifact/repository-path.ts';
import { readObject } from '../../domain/evidence/read-json.ts';
import { MAX_DOCUMENT } from '../../domain/evidence/report.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Registries } from '../../ports/registries.ts';
import type { Repository } from '../../ports/registry.ts';
import { orRefusal } from '../artifacts/registry-refusal.ts';
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

/** What cosign 3 writes, and what cosign 2 writes where it makes referrers at all. */
const BUNDLE = 'application/vnd.dev.sigstore.bundle';
const SIMPLE = 'application/vnd.dev.cosign.artifact.sig.v1+json';
const SIMPLE_LAYER = 'application/vnd.dev.cosign.simplesigning.v1+json';
const SIMPLE_SIGNATURE = 'dev.cosignproject.cosign/signature';
/** Referrers that one call reads: a version has a few signatures. */
const MOST = 50;

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
  const passed_over = [...found.passed_over];
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

type Found = {
  readonly signatures: readonly { readonly referrer: string; readonly document: object }[];
  readonly passed_over: Collected['passed_over'];
};

/** The signatures among the referrers, each as a document that the verifier reads. */
async function signaturesOf(
  repository: Repository,
  subject: Parameters<Repository['referrers']>[0],
): Promise<Found> {
  const all = await repository.referrers(subject);
  const signatures: { referrer: string; document: object }[] = [];
  const passed_over: { referrer: string; problem: string }[] = [];
  for (const referrer of all.filter(isSignature).slice(0, MOST)) {
    const document = await documentOf(repository, referrer);
    if (typeof document === 'string') passed_over.push({ referrer: referrer.digest, problem: document });
    else signatures.push({ referrer: referrer.digest, document });
  }
  return { signatures, passed_over };
}

const isSignature = ({ artifactType = '' }: Descriptor): boolean =>
  artifactType.startsWith(BUNDLE) || artifactType === SIMPLE;

/** A bundle, or a payload with its bare signature; a text says why it is neither. */
async function documentOf(repository: Repository, referrer: Descriptor): Promise<object | string> {
  const manifest = await repository.readManifest(referrer.digest);
  if (manifest === undefined) return 'the registry lists it and does not have it';
  const links = linksOf(manifest.mediaType, Buffer.from(manifest.bytes).toString('utf8'));
  if ('unreadable' in links) return links.unreadable;
  const layer = links.blobs.find(
    ({ mediaType }) => mediaType.startsWith(BUNDLE) || mediaType === SIMPLE_LAYER,
  );
  if (layer === undefined) return 'it has no layer with a signature';
  if (layer.size > MAX_DOCUMENT) return `its signature has more than ${MAX_DOCUMENT} bytes`;
  const bytes = await bytesOf(repository, layer);
  if (layer.mediaType === SIMPLE_LAYER) {
    return {
      payload: bytes.toString('base64'),
      signature: layer.annotations?.[SIMPLE_SIGNATURE] ?? '',
    };
  }
  const read = readObject(bytes.toString('utf8'));
  return 'unreadable' in read ? read.unreadable : { bundle: read.members };
}

async function bytesOf(repository: Repository, blob: Descriptor): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of repository.readBlob(blob)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
