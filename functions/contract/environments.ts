import * as z from 'zod/mini';
import { ON_FAILURE } from '../domain/catalog/environment.ts';
import { DigestText, Duration, EnvironmentName, Id, Instant, Line, Text } from '../domain/fields.ts';
import { GATE_POLICIES } from '../domain/gates/gate.ts';
import { KINDS } from '../domain/subject.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { PAGE } from './fields.ts';
import { resource } from './resource.ts';
import { WhatIfView } from './what-if.ts';

/** Environments: the ordered places of the pipeline. */

const mode = z.enum(['block', 'warn']);
const appliesTo = z.array(z.enum(KINDS)).check(z.minLength(1));

/** Who is believed: a subject id, a machine's id, or a signer, `key:sha256:` and the digest of its public key (DER). */
const Producer = z
  .string()
  .check(
    z.regex(
      /^(?:[A-Za-z0-9._-]{1,128}|key:sha256:[0-9a-f]{64})$/,
      'must be the subject of a producer, or key:sha256: and 64 hex digits',
    ),
  );

/**
 * Who may have signed by certificate: identity and issuer as the certificate has them, and the SHA-256 of the trusted root in its RFC 8785
 * form. A last `*` of the identity stands for any ending.
 */
const CertificateSigner = z.strictObject({
  identity: z
    .string()
    .check(z.minLength(3), z.maxLength(2048), z.regex(/^[^*]+\*?$/, 'may have one *, at its end')),
  issuer: z.string().check(z.minLength(1), z.maxLength(2048)),
  trusted_root: DigestText,
});

const SecretRef = z.string().check(z.minLength(1), z.maxLength(512));

/** An https endpoint that judges, and the secret that signs the questions. */
const HttpProvider = z.strictObject({
  type: z.literal('http'),
  url: z.string().check(z.minLength(1), z.maxLength(2048)),
  secret_ref: SecretRef,
});

const PublicKey = z
  .string()
  .check(
    z.maxLength(2000),
    z.regex(
      /^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+\n-----END PUBLIC KEY-----\n?$/,
      'must be a public key in PEM',
    ),
  );

/** The registry that content comes from, which the gate `signature` asks for signatures: by keys, or by certificates of `signers`. */
const RegistryProvider = z.strictObject({
  type: z.literal('registry'),
  public_keys: z.exactOptional(z.array(PublicKey).check(z.minLength(1), z.maxLength(10))),
  /** Name of a secret under `sluice/<tenant>/registry/` that holds the trusted root which `signers` name by its digest. */
  trusted_root_ref: z.exactOptional(SecretRef),
  /** Each manifest that an index lists must be signed too. */
  children: z.exactOptional(z.boolean()),
});

/** Who is asked instead of waiting for reports. */
const Provider = z.discriminatedUnion('type', [HttpProvider, RegistryProvider]);

/** A gate as an environment asks for it. Absent `mode` takes the gate's default, absent `applies_to` is every kind. */
export const GateInput = z.strictObject({
  name: Id,
  mode: z.exactOptional(mode),
  applies_to: z.exactOptional(appliesTo),
  format: z.exactOptional(Id),
  max_age: z.exactOptional(Duration),
  /** A condition; the domain judges its grammar. */
  thresholds: z.exactOptional(z.record(z.string(), z.unknown())),
  producers: z.exactOptional(z.array(Producer).check(z.maxLength(50))),
  signers: z.exactOptional(z.array(CertificateSigner).check(z.maxLength(50))),
  provider: z.exactOptional(Provider),
  /** Of a provider: at most 30. */
  timeout_seconds: z.exactOptional(z.int().check(z.minimum(1), z.maximum(86_400))),
});
export type GateInput = z.infer<typeof GateInput>;

/** Whether a gate is wanted: `true` in its usual mode, `enforce` blocking, `warn` advising, `off` or `false` not at all. */
const GatePolicy = z.union([z.boolean(), z.enum(GATE_POLICIES)]);

/** A list in order, or the artifact document's map `{tests: true, signature: "warn"}`, whose order is the map's own. */
export const GatesInput = z.union([z.array(GateInput).check(z.maxLength(50)), z.record(Id, GatePolicy)]);
export type GatesInput = z.infer<typeof GatesInput>;

const RollbackSetting = z.strictObject({ requires_approval: z.boolean() });

/** What is asked of whatever went live there. */
const VerificationSetting = z.strictObject({
  /** Whose reports decide: brought to the completed promotion, `POST /promotions/{id}/evidence`. */
  gate: Id,
  /** How long such a report is waited for, PT1M to P30D; without one the verification is `unknown`. */
  within: Duration,
  /** `rollback`: a failed promotion is taken back without anybody asking, with the approvals that rollbacks need there. Absent: `none`. */
  on_failure: z.exactOptional(z.enum(ON_FAILURE)),
  /** Absent, these are as the environment's gate of that name says. */
  format: z.exactOptional(Id),
  thresholds: z.exactOptional(z.record(z.string(), z.unknown())),
  producers: z.exactOptional(z.array(Producer).check(z.maxLength(50))),
});

/** Where its artifacts live: a registry by its id, the start of a repository's name, or both. */
const ArtifactRepository = z
  .strictObject({
    registry: z.exactOptional(Id),
    repository: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(200))),
  })
  .check(z.refine((given) => Object.keys(given).length > 0, 'must name a registry or a repository'));

const optional = {
  aliases: z.exactOptional(z.array(EnvironmentName).check(z.maxLength(10))),
  rank: z.exactOptional(z.int().check(z.minimum(0), z.maximum(1_000_000))),
  protected: z.exactOptional(z.boolean()),
  tag_suffix: z.exactOptional(EnvironmentName),
  gates: z.exactOptional(GatesInput),
  owned_keys: z.exactOptional(z.array(Line).check(z.maxLength(100))),
  /** Whether taking something back needs approval; absent: as promoting does. Approval policies hold whatever this says. */
  rollback: z.exactOptional(RollbackSetting),
  /** Absent: nothing that goes live there is verified. */
  verification: z.exactOptional(VerificationSetting),
  /** Absent: its artifacts live in the primary registry, each in the repository of its name. */
  artifact_repository: z.exactOptional(ArtifactRepository),
};

/** Absent: last in the pipeline, unprotected, the name as tag suffix, the gate `policy_compliance` alone. */
export const NewEnvironment = z.strictObject({ name: EnvironmentName, ...optional });
export type NewEnvironment = z.infer<typeof NewEnvironment>;

const GateView = z.strictObject({
  name: z.string(),
  mode,
  applies_to: appliesTo,
  format: z.exactOptional(z.string()),
  max_age: z.exactOptional(z.string()),
  thresholds: z.exactOptional(z.record(z.string(), z.unknown())),
  producers: z.exactOptional(z.array(z.string())),
  signers: z.exactOptional(z.array(CertificateSigner)),
  provider: z.exactOptional(Provider),
  timeout_seconds: z.exactOptional(z.int()),
});

const Lock = z.nullable(z.strictObject({ reason: z.string(), by: z.string(), at: Instant }));

export const EnvironmentView = z.strictObject({
  name: z.string(),
  organization_id: z.string(),
  aliases: z.array(z.string()),
  rank: z.int(),
  protected: z.boolean(),
  tag_suffix: z.string(),
  gates: z.array(GateView),
  owned_keys: z.array(z.string()),
  rollback: z.nullable(RollbackSetting),
  verification: z.nullable(z.strictObject({ ...VerificationSetting.shape, on_failure: z.enum(ON_FAILURE) })),
  artifact_repository: z.nullable(ArtifactRepository),
  lock: Lock,
  /** The lock of the whole tenant, which every environment shows. */
  tenant_lock: Lock,
  /** In words, what each kind needs to enter it. */
  requirements: z.strictObject({ agent: z.string(), config: z.string(), artifact: z.string() }),
  created_at: Instant,
  updated_at: Instant,
  version: z.int(),
});
export type EnvironmentView = z.infer<typeof EnvironmentView>;

const base = { tag: 'environments', body: EMPTY, query: EMPTY, response: EnvironmentView } as const;

export const environments = resource({
  governs: true,
  tag: 'environments',
  words: 'an environment',
  path: '/api/v1/environments',
  key: 'environment',
  operations: {
    create: 'createEnvironment',
    list: 'listEnvironments',
    get: 'getEnvironment',
    replace: 'updateEnvironment',
    remove: 'deleteEnvironment',
  },
  body: NewEnvironment,
  demanded: ['rank', 'protected', 'gates', 'aliases', 'tag_suffix'],
  fixed: ['name'],
  view: EnvironmentView,
  errors: ['reserved_name'],
  removal: ['in_use'],
});

export const lockEnvironment = endpoint({
  ...base,
  method: 'POST',
  path: '/api/v1/environments/{environment}/lock',
  operation: 'lockEnvironment',
  summary: 'Stops every execution into an environment',
  body: z.strictObject({ reason: Text }),
  status: [200],
  dry_run: true,
  errors: ['locked', 'conflict'],
});

export const unlockEnvironment = endpoint({
  ...base,
  method: 'POST',
  path: '/api/v1/environments/{environment}/unlock',
  operation: 'unlockEnvironment',
  summary: 'Lifts the lock of an environment; without a lock it changes nothing',
  body: z.strictObject({ reason: Text }),
  status: [200],
  dry_run: true,
  errors: ['conflict'],
});

const TenantLockView = z.strictObject({ environment: z.literal('*'), organization_id: Id, lock: Lock });

export const lockTenant = endpoint({
  ...base,
  method: 'POST',
  path: '/api/v1/environments/*/lock',
  operation: 'lockTenant',
  summary: 'Stops every execution into any environment',
  body: z.strictObject({ reason: Text }),
  response: TenantLockView,
  status: [200],
  dry_run: true,
  errors: ['locked', 'conflict'],
});

export const unlockTenant = endpoint({
  ...base,
  method: 'POST',
  path: '/api/v1/environments/*/unlock',
  operation: 'unlockTenant',
  summary: 'Lifts the lock of the whole tenant; those of single environments stay',
  body: z.strictObject({ reason: Text }),
  response: TenantLockView,
  status: [200],
  dry_run: true,
  errors: ['conflict'],
});

/** What is absent stays as it is. */
export const whatIfEnvironment = endpoint({
  ...base,
  method: 'POST',
  path: '/api/v1/environments/{environment}/what-if',
  operation: 'whatIfEnvironment',
  summary: 'Replay recorded decisions under other gates',
  body: z.strictObject({
    protected: optional.protected,
    gates: optional.gates,
    rollback: optional.rollback,
  }),
  query: z.strictObject(PAGE),
  response: WhatIfView,
  status: [200],
  errors: [],
});
