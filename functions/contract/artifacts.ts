import * as z from 'zod/mini';
import { LIFECYCLE_STATUSES } from '../domain/artifact/lifecycle.ts';
import { DigestText, EnvironmentName, Instant, Text } from '../domain/fields.ts';
import { STATUSES } from '../domain/promotion/state.ts';
import { ActorView } from './actor-view.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { listOf, PAGE, QueryFlag } from './fields.ts';
import { GateResultView } from './gate-result-view.ts';

/** Versions of artifacts: published into the first environment, promoted from there on. */

const path = '/api/v1/artifacts/{name}/versions';
const base = { tag: 'artifacts', body: EMPTY, query: EMPTY, errors: [] } as const;

export const ArtifactVersionView = z.strictObject({
  artifact: z.string(),
  organization_id: z.string(),
  /** As it was published: `v1.2.3`. */
  version: z.string(),
  digest: DigestText,
  media_type: z.string(),
  /** Where it was published, with its digest: what clients pull. */
  reference: z.string(),
  /** Environments in which it is active. */
  environments: z.array(z.string()),
  published_by: ActorView,
  published_at: Instant,
  deployment_id: z.string(),
  /** When the retention took its tags away. */
  removed_at: z.nullable(Instant),
  /** `deprecated`: discouraged; `eol`: promoted only with `acknowledge_eol`. Dates that are to come are shown too. */
  lifecycle: z.strictObject({
    status: z.enum(LIFECYCLE_STATUSES),
    deprecated_at: z.nullable(Instant),
    eol_at: z.nullable(Instant),
    replacement: z.nullable(z.string()),
    reason: z.nullable(z.string()),
  }),
});
export type ArtifactVersionView = z.infer<typeof ArtifactVersionView>;

export const NewArtifactVersion = z.strictObject({
  /** Semver without an environment; `v` may stand before it. */
  version: z.string().check(z.minLength(1), z.maxLength(256)),
  /** A tag or a digest in the artifact's repository, alone or in an image reference. */
  reference: z.string().check(z.minLength(1), z.maxLength(512)),
});
export type NewArtifactVersion = z.infer<typeof NewArtifactVersion>;

export const publishArtifactVersion = endpoint({
  ...base,
  method: 'POST',
  path,
  operation: 'publishArtifactVersion',
  summary: 'Publishes a version into the first environment',
  body: NewArtifactVersion,
  response: ArtifactVersionView,
  status: [201, 200],
  errors: [
    'unknown_environment',
    'protected',
    'reserved_name',
    'no_registry',
    'tag_exists',
    'artifact_too_large',
    'conflict',
    'registry_failed',
    'idempotency_key_reused',
  ],
  idempotent: true,
});

export const listArtifactVersions = endpoint({
  ...base,
  method: 'GET',
  path,
  operation: 'listArtifactVersions',
  summary: 'Lists the versions of an artifact, highest first',
  query: z.strictObject(PAGE),
  response: listOf(ArtifactVersionView),
  status: [200],
});

export const resolveArtifactVersion = endpoint({
  ...base,
  method: 'GET',
  path: `${path}/resolve`,
  operation: 'resolveArtifactVersion',
  summary: 'Resolves a version constraint',
  query: z.strictObject({
    /** `1.2.3`, `^1.2.0`, `~1.2.0`, `>=1.2.0, <2.0.0`, `v1.2.*`, or `latest-prod`. */
    constraint: z.string().check(z.minLength(1), z.maxLength(256)),
    /** Only versions that this environment received. */
    environment: z.exactOptional(EnvironmentName),
  }),
  response: z.strictObject({
    constraint: z.string(),
    version: ArtifactVersionView,
    /** Why the constraint is not recommended. */
    warning: z.nullable(z.string()),
  }),
  status: [200],
  errors: ['unknown_environment'],
});

export const getArtifactVersion = endpoint({
  ...base,
  method: 'GET',
  path: `${path}/{version}`,
  operation: 'getArtifactVersion',
  summary: 'Reads a version of an artifact',
  response: ArtifactVersionView,
  status: [200],
});

export const setArtifactLifecycle = endpoint({
  ...base,
  method: 'PUT',
  path: `${path}/{version}/lifecycle`,
  operation: 'setArtifactLifecycle',
  summary: 'Sets when a version is deprecated and over',
  /** What is absent is not so any more: `{}` makes the version active, without an end. */
  body: z.strictObject({
    deprecated_at: z.exactOptional(Instant),
    eol_at: z.exactOptional(Instant),
    /** Another published version. */
    replacement: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(256))),
    reason: z.exactOptional(Text),
  }),
  response: ArtifactVersionView,
  status: [200],
  errors: ['precondition_failed', 'conflict'],
  if_match: true,
});

const TagView = z.strictObject({ tag: z.string(), digest: z.nullable(DigestText) });

const RegistryStatusView = z.strictObject({
  registry: z.string(),
  repository: z.string(),
  /** `drifted`: a tag names other content than the environment has; somebody moved it. */
  status: z.enum(['ok', 'drifted', 'missing', 'unreachable']),
  tags: z.array(TagView),
  error: z.nullable(z.string()),
});

const RecordPlaceView = z.strictObject({
  registry: z.string(),
  repository: z.string(),
  /** `pending`: the registry has not taken it yet, and is tried again; `gone`: the registry or the artifact is not there any more. */
  status: z.enum(['attached', 'pending', 'gone']),
  /** The manifest of the referrer. */
  referrer: z.nullable(DigestText),
  error: z.nullable(z.string()),
});

export const ArtifactStatusView = z.strictObject({
  artifact: z.string(),
  environments: z.array(
    z.strictObject({
      environment: z.string(),
      version: z.nullable(z.string()),
      digest: z.nullable(DigestText),
      promoted_at: z.nullable(Instant),
      promoted_by: z.nullable(ActorView),
      promotion_id: z.nullable(z.string()),
      gates: z.array(GateResultView),
      /** Where the signed record of the promotion is attached; `null` until it is signed, and where no promotion brought it. */
      record: z.nullable(z.array(RecordPlaceView)),
      /** `null` unless `verify=true`. */
      registries: z.nullable(z.array(RegistryStatusView)),
    }),
  ),
  pending: z.array(
    z.strictObject({
      promotion_id: z.string(),
      version: z.nullable(z.string()),
      source_environment: z.string(),
      target_environment: z.string(),
      status: z.enum(STATUSES),
      blocked_by: z.array(z.string()),
    }),
  ),
});
export type ArtifactStatusView = z.infer<typeof ArtifactStatusView>;

export const getArtifactStatus = endpoint({
  ...base,
  method: 'GET',
  path: '/api/v1/artifacts/{name}/status',
  operation: 'getArtifactStatus',
  summary: 'Reads where an artifact is and what is on its way',
  /** `verify=true` asks every registry for the tags. */
  query: z.strictObject({ verify: z.exactOptional(QueryFlag) }),
  response: ArtifactStatusView,
  status: [200],
});

export const retainArtifact = endpoint({
  ...base,
  method: 'POST',
  path: '/api/v1/artifacts/{name}/retention',
  operation: 'retainArtifact',
  summary: 'Removes versions that the retention does not keep',
  query: z.strictObject({ dry_run: z.exactOptional(QueryFlag) }),
  response: z.strictObject({
    dry_run: z.boolean(),
    kept: z.array(z.strictObject({ version: z.string(), because: z.array(z.string()) })),
    removed: z.array(
      z.strictObject({
        version: z.string(),
        digest: DigestText,
        places: z.array(
          z.strictObject({
            repository: z.string(),
            /** Tags that are taken away. */
            tags: z.array(z.string()),
            /** A manifest that something else names is kept. */
            manifest: z.enum(['deleted', 'kept']),
            kept_because: z.nullable(z.string()),
          }),
        ),
      }),
    ),
  }),
  status: [200],
  errors: ['registry_failed', 'conflict', 'tag_exists'],
});
