import { linksOf } from '../../domain/artifact/manifest.ts';
import { placeOf } from '../../domain/artifact/place.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import type { Digest } from '../../domain/digest.ts';
import type { RegistryProvider } from '../../domain/gates/gate.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { ProviderQuestion, ProviderReply } from '../../ports/gate-providers.ts';
import { isRegistryFault, type Repository } from '../../ports/registry.ts';
import { type SignatureTrust, signerOf, trustOf } from '../artifacts/signature-trust.ts';
import { signaturesOf } from '../artifacts/signatures.ts';
import type { Deps } from '../deps.ts';

export type AskRegistryDeps = Pick<Deps, 'catalog' | 'registries'> & {
  /** Runs this for so long; rejects with `TimeoutError` then, and aborts the signal. */
  within<T>(milliseconds: number, act: (signal: AbortSignal) => Promise<T>): Promise<T>;
};

/** Manifests of an index that are asked about. */
const MOST_CHILDREN = 100;

/**
 * Answers a gate from the registry of the environment that a promotion takes its content from: PASSED when the content has a signature
 * there by somebody whom the gate names, and with `children` so has each manifest that it lists. Nothing is brought by anybody. All that
 * is unknown is an ERROR: a registry that fails, lies, is slow, or lists more signatures than are read.
 */
export async function askRegistry(
  deps: AskRegistryDeps,
  question: ProviderQuestion & { readonly provider: RegistryProvider },
): Promise<ProviderReply> {
  try {
    return await deps.within(question.timeout_ms, (signal) => judged(deps, question, signal));
  } catch (error) {
    if (isRegistryFault(error)) return failed(error.code, error.message);
    if (!(error instanceof Error && error.name === 'TimeoutError')) throw error;
    return failed('provider_timed_out', 'the registry did not show all signatures in time');
  }
}

async function judged(
  deps: AskRegistryDeps,
  { tenant, provider, signers, manifest }: ProviderQuestion & { readonly provider: RegistryProvider },
  signal: AbortSignal,
): Promise<ProviderReply> {
  const { source, subject } = manifest;
  const [environments, registries, trust] = await Promise.all([
    deps.catalog.all(tenant, 'environment'),
    deps.catalog.all(tenant, 'registry'),
    trustOf(deps, tenant, provider, signers),
  ]);
  if (typeof trust === 'string') return failed('trusted_root_unusable', trust);
  const environment = findEnvironment(environments, source.environment);
  if (environment === undefined) return failed('unknown_environment', `${source.environment} was removed`);
  const place = placeOf(environment, subject.name, registries);
  if (isRefusal(place)) return failed(place.refused, place.detail);
  const repository = deps.registries.repository(tenant, place.registry, place.path);
  const digests = await signedIn(repository, source.digest, provider.children ?? false);
  if (typeof digests === 'string') return failed('signature_unknown', digests);
  const verdicts: ProviderReply[] = [];
  for (const digest of digests) {
    signal.throwIfAborted();
    const verdict = await verdictOn(deps, repository, digest, trust);
    if (verdict.status !== 'PASSED') return verdict;
    verdicts.push(verdict);
  }
  // The first is the content itself: its signer is what the gate's answer shows.
  const [{ facts } = { facts: {} }] = verdicts;
  return { status: 'PASSED', reason_code: 'ok', facts: { ...facts, signed: digests.length } };
}

/** The digests that must be signed; a text says why they are not known. */
async function signedIn(
  repository: Repository,
  root: Digest,
  children: boolean,
): Promise<readonly Digest[] | string> {
  if (!children) return [root];
  const manifest = await repository.readManifest(root);
  if (manifest === undefined) return `${repository.name} has no ${root}`;
  const links = linksOf(manifest.mediaType, Buffer.from(manifest.bytes).toString('utf8'));
  if ('unreadable' in links) return `${repository.name}@${root}: ${links.unreadable}`;
  const digests = new Set([root, ...links.manifests.map(({ digest }) => digest)]);
  if (digests.size - 1 <= MOST_CHILDREN) return [...digests];
  return `${repository.name}@${root} lists more than ${MOST_CHILDREN} manifests`;
}

/** Who signed a digest, or why nobody who counts is known to have. One signature that holds is enough, whatever lies beside it. */
async function verdictOn(
  deps: AskRegistryDeps,
  repository: Repository,
  digest: Digest,
  trust: SignatureTrust,
): Promise<ProviderReply> {
  const { signatures, passed_over, unread } = await signaturesOf(repository, digest);
  for (const signature of signatures) {
    const signer = await signerOf(deps, signature, digest, trust);
    if (signer === undefined) continue;
    return { status: 'PASSED', reason_code: 'ok', facts: { ...signer, referrer: signature.referrer } };
  }
  const name = `${repository.name}@${digest}`;
  if (unread > 0)
    return failed('signatures_not_all_read', `${name} has ${unread} signatures more than are read`);
  const seen = signatures.length + passed_over.length;
  const says = (reason_code: string, problem: string): ProviderReply => ({
    status: 'FAILED',
    reason_code,
    facts: { problem },
  });
  if (seen === 0) return says('signature_missing', `${name} has no signature`);
  return says(
    'signature_not_verified',
    `none of ${seen} signatures of ${name} is by somebody whom the gate names`,
  );
}

function failed(reason_code: string, problem: string): ProviderReply {
  return { status: 'ERROR', reason_code, facts: { problem: problem.slice(0, 500) } };
}
