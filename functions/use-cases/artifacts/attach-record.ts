import { placeText } from '../../domain/artifact/place.ts';
import {
  type Content,
  type RecordPayload,
  type RecordSignature,
  recordPayload,
  recordReferrer,
  signedBytes,
} from '../../domain/artifact/promotion-record.ts';
import {
  type AttachedRecord,
  type Deployment,
  type RecordPlace,
  registriesOf,
} from '../../domain/deployment/deployment.ts';
import { digestOfBytes } from '../../domain/digest.ts';
import { isRegistryFault, RegistryFault, type Repository } from '../../ports/registry.ts';
import type { Signer } from '../../ports/signer.ts';
import type { Deps } from '../deps.ts';
import { RACE_LOST, untilCommitted } from '../engine/until-committed.ts';
import { type AloneDeps, aloneIn } from './alone.ts';

export type AttachDeps = AloneDeps &
  Pick<Deps, 'promotions' | 'deployments' | 'catalog' | 'registries' | 'transactions'> & {
    readonly signer: Signer;
  };

/** A completed promotion of an artifact. */
export type RecordRef = { readonly tenant: string; readonly promotion_id: string };

/** Whether the record is where it should be. `retry`: a registry has not taken it yet. */
export type Attached = { readonly outcome: 'done' } | { readonly outcome: 'retry'; readonly reason: string };

const DONE: Attached = { outcome: 'done' };

/**
 * Attaches the signed record of a completed promotion to its digest, in every registry that it went to. The signature is made once and
 * kept before anything is sent, so that doing it again, or twice at once, writes the same bytes: one referrer in each registry. The
 * promotion is over, whatever becomes of this; what a registry refuses stands on the deployment. Throws faults.
 */
export async function attachRecord(deps: AttachDeps, ref: RecordRef): Promise<Attached> {
  const { tenant, promotion_id } = ref;
  const state = (await deps.promotions.read(tenant, promotion_id))?.state;
  if (state === undefined || !('deployment_id' in state) || state.deployment_id === undefined) return DONE;
  const payload = recordPayload(await deps.promotions.events(tenant, promotion_id));
  if (payload === undefined) return DONE;
  const id = state.deployment_id;
  const record = await signedOnce(deps, { tenant, id }, payload);
  if (record === undefined) return DONE;
  const places = await Promise.all(
    record.places.map((place) =>
      place.status === 'pending' ? attachTo(deps, tenant, { place, payload, record }) : place,
    ),
  );
  await keep(deps, { tenant, id }, { ...record, places });
  const left = places.filter(({ status }) => status === 'pending');
  if (left.length === 0) return DONE;
  return { outcome: 'retry', reason: left.map(({ error = '' }) => error).join('; ') };
}

type Of = { readonly tenant: string; readonly id: string };

/** The record with its signature, as the deployment keeps it; made and kept where it is not. Undefined where nothing went anywhere. */
async function signedOnce(
  deps: AttachDeps,
  { tenant, id }: Of,
  payload: RecordPayload,
): Promise<AttachedRecord | undefined> {
  const digest = digestOfBytes(payload.bytes);
  let signature: RecordSignature | undefined;
  const kept = await untilCommitted<{ readonly record?: AttachedRecord }>(deps, async () => {
    const deployment = await deps.deployments.read(tenant, id);
    if (deployment === undefined) return {};
    const { record } = deployment;
    if (record?.payload === digest) return { record };
    const registries = registriesOf(deployment);
    if (registries.length === 0) return {};
    signature ??= {
      key_id: deps.signer.keyId(),
      signature: await deps.signer.signMessage(signedBytes(payload.bytes)),
    };
    const places = registries.map((place) => ({ ...place, status: 'pending' }) as const);
    return await written(deps, tenant, deployment, { payload: digest, ...signature, places });
  });
  return kept.record;
}

/** Keeps how far it came; what another has attached meanwhile stays attached. */
async function keep(deps: AttachDeps, { tenant, id }: Of, record: AttachedRecord): Promise<void> {
  await untilCommitted(deps, async () => {
    const deployment = await deps.deployments.read(tenant, id);
    if (deployment?.record?.payload !== record.payload) return {};
    const before = deployment.record.places;
    const places = record.places.map((place, at) =>
      place.status === 'pending' && before[at]?.status === 'attached' ? before[at] : place,
    );
    if (JSON.stringify(places) === JSON.stringify(before)) return {};
    return await written(deps, tenant, deployment, { ...record, places });
  });
}

async function written(
  deps: AttachDeps,
  tenant: string,
  deployment: Deployment,
  record: AttachedRecord,
): Promise<{ readonly record: AttachedRecord } | typeof RACE_LOST> {
  const { version } = deployment;
  const next = { ...deployment, record, version: version + 1 };
  const { committed } = await deps.transactions.commit(tenant, [
    { write: 'deployment', deployment: next, expected: version },
  ]);
  return committed ? { record } : RACE_LOST;
}

type Attaching = {
  readonly place: RecordPlace;
  readonly payload: RecordPayload;
  readonly record: AttachedRecord;
};

async function attachTo(
  deps: AttachDeps,
  tenant: string,
  { place, payload, record }: Attaching,
): Promise<RecordPlace> {
  const { registry: id, repository: name } = place;
  const about = { registry: id, repository: name };
  const registry = await deps.catalog.item(tenant, 'registry', id);
  const host = registry === undefined ? '' : `${new URL(registry.url).host}/`;
  const path = name.slice(host.length);
  if (registry === undefined || placeText({ registry, path }) !== name) {
    return { ...about, status: 'gone', error: `the registry ${id} is not what it was` };
  }
  try {
    const repository = deps.registries.repository(tenant, registry, path);
    const subject = await repository.resolve(payload.subject);
    if (subject === undefined) {
      return { ...about, status: 'gone', error: `${name} no longer has ${payload.subject}` };
    }
    const { manifest, blobs } = recordReferrer(payload, record, subject);
    for (const blob of blobs) await bring(repository, blob);
    const { descriptor, bytes } = manifest;
    if ((await repository.resolve(descriptor.digest)) === undefined) {
      await repository.writeManifest(descriptor.digest, { ...descriptor, bytes });
    }
    const alone = aloneIn(deps, tenant, repository)(payload.subject);
    await repository.listReferrer(payload.subject, descriptor, alone);
    const listed = await repository.referrers(payload.subject);
    if (!listed.some(({ digest }) => digest === descriptor.digest)) {
      throw new RegistryFault('registry_unavailable', `${name} does not list the record that it took`);
    }
    return { ...about, status: 'attached', referrer: descriptor.digest };
  } catch (error) {
    if (!isRegistryFault(error)) throw error;
    return { ...about, status: 'pending', error: error.message.slice(0, 300) };
  }
}

async function bring(repository: Repository, { descriptor, bytes }: Content): Promise<void> {
  if (await repository.hasBlob(descriptor.digest)) return;
  const sent = await repository.sendChunk(await repository.openUpload(), bytes);
  await repository.finishUpload(sent, descriptor.digest);
}
