import { linksOf } from '../../../domain/artifact/manifest.ts';
import { type Digest, isDigest } from '../../../domain/digest.ts';
import { isObject, readObject, textIn } from '../../../domain/evidence/read-json.ts';
import type { Evidence } from '../../../domain/gates/evidence.ts';
import { evidenceDigest } from '../../../domain/gates/judge-gate.ts';
import type { InStatus } from '../../../domain/promotion/state.ts';
import { RegistryFault, type Repository } from '../../../ports/registry.ts';
import { type SignatureTrust, signerOf, trustOf } from '../../artifacts/signature-trust.ts';
import { type StoredSignature, signaturesOf } from '../../artifacts/signatures.ts';
import type { EffectDeps } from '../kind.ts';

type Executing = InStatus<'executing'>;

const SIGNATURE = 'signature';
/** Manifests below an index whose signatures are compared. */
const MOST_MANIFESTS = 500;

/**
 * Holds what a copy brought against `signature_match`: every signature that the source has, of the content and of each manifest that it
 * lists, is found at the target to the byte, and the content has one there by a signer on whom the gate `signature` rests. Throws
 * `signature_mismatch`, and what reading throws: a registry that does not show all its signatures matches nothing.
 */
export async function assertSignaturesMatch(
  deps: EffectDeps,
  state: Executing,
  { source, target }: { readonly source: Repository; readonly target: Repository },
): Promise<void> {
  const { digest } = state.seal.plan.source;
  const trust = await trustBehind(deps, state);
  if (typeof trust === 'string') throw mismatch(target, digest, trust);
  for (const manifest of await manifestsIn(source, digest)) {
    const arrived = await broughtAlong(source, target, manifest);
    if (manifest === digest) await assertTrusted(deps, target, digest, { arrived, trust });
  }
}

/** The signatures of a manifest at the target, once each of the source's is among them. */
async function broughtAlong(
  source: Repository,
  target: Repository,
  digest: Digest,
): Promise<readonly StoredSignature[]> {
  const [here, there] = await Promise.all([signaturesOf(source, digest), signaturesOf(target, digest)]);
  if (here.unread > 0) throw mismatch(source, digest, 'it has more signatures than are compared');
  const found = new Set(there.signatures.map(({ id }) => id));
  const missing = here.signatures.find(({ id }) => !found.has(id));
  if (missing === undefined) return there.signatures;
  throw mismatch(target, digest, `the signature ${missing.id}, which the source has, is not found there`);
}

async function assertTrusted(
  deps: EffectDeps,
  target: Repository,
  digest: Digest,
  { arrived, trust }: { readonly arrived: readonly StoredSignature[]; readonly trust: SignatureTrust },
): Promise<void> {
  for (const signature of arrived) {
    if ((await signerOf(deps, signature, digest, trust)) !== undefined) return;
  }
  const why = `none of its ${arrived.length} signatures is by a signer whom the gate ${SIGNATURE} trusts`;
  throw mismatch(target, digest, why);
}

/** The content, and every manifest below it. */
async function manifestsIn(source: Repository, root: Digest): Promise<ReadonlySet<Digest>> {
  const digests = new Set([root]);
  for (const digest of digests) {
    const manifest = await source.readManifest(digest);
    if (manifest === undefined) throw mismatch(source, digest, 'it is gone');
    const links = linksOf(manifest.mediaType, Buffer.from(manifest.bytes).toString('utf8'));
    if ('unreadable' in links) throw mismatch(source, digest, links.unreadable);
    for (const child of links.manifests) digests.add(child.digest);
    if (digests.size > MOST_MANIFESTS)
      throw mismatch(source, root, 'it lists more manifests than are compared');
  }
  return digests;
}

/** On whom the decision rests that is executed: whom the gate asks the registry for, else who signed the evidence that it passed on. */
async function trustBehind(
  deps: EffectDeps,
  { tenant, seal, gates }: Executing,
): Promise<SignatureTrust | string> {
  const gate = seal.requirements.gates.find(({ name }) => name === SIGNATURE);
  if (gate?.provider?.type === 'registry') return trustOf(deps, tenant, gate.provider, gate.signers);
  const digests = gates.find(({ name, status }) => name === SIGNATURE && status === 'PASSED')?.evidence ?? [];
  const about =
    digests.length === 0 ? [] : await deps.evidence.about(tenant, seal.plan.source.digest, [SIGNATURE]);
  const evidence = about.find((one) => digests.includes(evidenceDigest(one)));
  const document =
    evidence === undefined ? undefined : await deps.evidence.document(tenant, evidence.document_digest);
  const trust = evidence === undefined ? undefined : trustIn(evidence, document ?? '');
  return (
    trust ??
    `whose signatures count is not known: give the gate ${SIGNATURE} of the target the provider registry, or bring a signature as evidence`
  );
}

/** The signer of a report, by the key or root that was brought with it. */
function trustIn({ result }: Evidence, document: string): SignatureTrust | undefined {
  const read = readObject(document);
  if ('unreadable' in read) return undefined;
  const { public_key, trusted_root } = read.members;
  const key = textIn(public_key);
  if (key !== undefined) return { public_keys: [key], signers: [] };
  const [identity, issuer, root] = [result['identity'], result['issuer'], result['trusted_root']].map(textIn);
  if (!isObject(trusted_root) || identity === undefined || issuer === undefined) return undefined;
  if (root === undefined || !isDigest(root)) return undefined;
  return { public_keys: [], signers: [{ identity, issuer, trusted_root: root }], trusted_root };
}

function mismatch({ name }: Repository, digest: Digest, why: string): RegistryFault {
  return new RegistryFault(
    'signature_mismatch',
    `${name}@${digest} does not match by its signatures: ${why}`,
  );
}
