import type { ArtifactStatusView, ArtifactVersionView } from '../../contract/artifacts.ts';
import type { ConsumerView } from '../../contract/consumers.ts';
import { parseConstraint } from '../../domain/artifact/constraint.ts';
import { type Consumer, consumer } from '../../domain/artifact/consumer.ts';
import { lifecycleAt } from '../../domain/artifact/lifecycle.ts';
import { warningOf } from '../../domain/artifact/pin.ts';
import type { ShownVersion } from '../../use-cases/artifacts/read.ts';
import type { ArtifactStatus } from '../../use-cases/artifacts/status.ts';
import { actorView } from './promotion-views.ts';

/** A version as the API shows it. */
export function versionView(
  tenant: string,
  { version, environments, reference }: ShownVersion,
  now: string,
): ArtifactVersionView {
  const { artifact, label, digest, media_type, published_by, published_at, deployment_id } = version;
  const { lifecycle = {} } = version;
  const { deprecated_at = null, eol_at = null, replacement = null, reason = null } = lifecycle;
  return {
    artifact,
    organization_id: tenant,
    version: label,
    digest,
    media_type,
    reference,
    environments: [...environments],
    published_by: actorView(published_by),
    published_at,
    deployment_id,
    removed_at: version.removed_at ?? null,
    lifecycle: { status: lifecycleAt(lifecycle, now), deprecated_at, eol_at, replacement, reason },
  };
}

/** A consumer as the API shows it. */
export function consumerView(tenant: string, one: Consumer): ConsumerView {
  return consumer.show(tenant, one, {
    warning: warningOf(parseConstraint(one.constraint), one.constraint),
  });
}

/** The status of an artifact as the API shows it; who promoted is who executed, or requested what Sluice executed by itself; else who published. */
export function statusView(artifact: string, { environments, pending }: ArtifactStatus): ArtifactStatusView {
  return {
    artifact,
    environments: environments.map(({ environment, digest, deployment, promotion, registries }) => {
      const executor = promotion !== undefined && 'executor' in promotion ? promotion.executor : undefined;
      const person = executor?.kind === 'system' ? promotion?.requester : executor;
      const by = person ?? deployment?.recorded_by;
      return {
        environment,
        version: deployment?.version_label ?? null,
        digest,
        promoted_at: deployment?.live_at ?? null,
        promoted_by: by === undefined ? null : actorView(by),
        promotion_id: promotion?.id ?? null,
        gates: (promotion?.gates ?? []).map((gate) => ({ ...gate, evidence: [...gate.evidence] })),
        record:
          deployment?.record?.places.map(({ referrer = null, error = null, ...place }) => ({
            ...place,
            referrer,
            error,
          })) ?? null,
        registries:
          registries === undefined ? null : registries.map((one) => ({ ...one, tags: [...one.tags] })),
      };
    }),
    pending: pending.map((state) => ({
      promotion_id: state.id,
      version: state.seal.plan.source.version_label ?? null,
      source_environment: state.source_environment,
      target_environment: state.target_environment,
      status: state.status,
      blocked_by: state.status === 'blocked' ? [...state.blocked_by] : [],
    })),
  };
}
