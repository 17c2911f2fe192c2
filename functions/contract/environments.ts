import * as z from 'zod/mini';
import { ON_FAILURE } from '../domain/catalog/environment.ts';
import { Duration, EnvironmentName, Id, Instant, Line, Text } from '../domain/fields.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { PAGE } from './fields.ts';
import { GatesInput, GateView, Producer } from './gate-settings.ts';
import { resource } from './resource.ts';
import { WhatIfView } from './what-if.ts';

/** Environments: the ordered places of the pipeline. */

const RollbackSetting = z.strictObject({
  requires_approval: z.boolean().check(z.describe('Whether a rollback there needs approval.')),
});

const FAILED = z.describe(
  '`rollback`: Sluice takes a failed promotion back by itself, with the approvals that rollbacks need there. Absent: `none`.',
);
/** What is asked of whatever went live there. */
const VerificationSetting = z.strictObject({
  gate: Id.check(
    z.describe(
      'The gate whose reports decide: they come by `POST /promotions/{id}/evidence` once it completed.',
    ),
  ),
  within: Duration.check(
    z.describe('How long a report is waited for, PT1M to P30D; without one the verification is `unknown`.'),
  ),
  on_failure: z.exactOptional(z.enum(ON_FAILURE)).check(FAILED),
  format: z
    .exactOptional(Id)
    .check(z.describe('The format of the reports; absent: as the gate of that name says.')),
  thresholds: z
    .exactOptional(z.record(z.string(), z.unknown()))
    .check(z.describe('A condition on the facts of a report; absent: as the gate of that name says.')),
  producers: z
    .exactOptional(z.array(Producer).check(z.maxLength(50)))
    .check(z.describe('Whose reports count; absent: as the gate of that name says.')),
});

/** Where its artifacts live: a registry by its id, the start of a repository's name, or both. */
const ArtifactRepository = z
  .strictObject({
    registry: z.exactOptional(Id).check(z.describe('The id of a registry; absent: the primary one.')),
    repository: z
      .exactOptional(z.string().check(z.minLength(1), z.maxLength(200)))
      .check(
        z.describe('The start of the name of a repository, to which the name of the artifact is added.'),
      ),
  })
  .check(z.refine((given) => Object.keys(given).length > 0, 'must name a registry or a repository'));

/** What the members of an environment mean, said and shown alike. */
const ENVIRONMENT = {
  name: z.describe('Its name.'),
  aliases: z.describe('Other names for it.'),
  rank: z.describe('Its place in the pipeline: promotion goes from one rank to the next. Absent: the last.'),
  protected: z.describe('Whether promotions need approval, and weakening it a second admin.'),
  tag_suffix: z.describe('Stands behind the version in the tags of what is active there; absent: the name.'),
  gates: z.describe('What a promotion must pass to enter it.'),
  owned_keys: z.describe(
    'Patterns of keys of configuration that belong to it: promotions leave them as they are.',
  ),
  rollback: z.describe(
    'Whether a rollback needs approval; absent: as a promotion does. Approval policies hold whatever this says.',
  ),
  verification: z.describe('What is asked of what went live there; absent: nothing is verified.'),
  artifact_repository: z.describe(
    'Where its artifacts live; absent: in the primary registry, each in the repository of its name.',
  ),
};

const optional = {
  aliases: z.exactOptional(z.array(EnvironmentName).check(z.maxLength(10))).check(ENVIRONMENT.aliases),
  rank: z.exactOptional(z.int().check(z.minimum(0), z.maximum(1_000_000))).check(ENVIRONMENT.rank),
  protected: z.exactOptional(z.boolean()).check(ENVIRONMENT.protected),
  tag_suffix: z.exactOptional(EnvironmentName).check(ENVIRONMENT.tag_suffix),
  gates: z.exactOptional(GatesInput).check(ENVIRONMENT.gates),
  owned_keys: z.exactOptional(z.array(Line).check(z.maxLength(100))).check(ENVIRONMENT.owned_keys),
  rollback: z.exactOptional(RollbackSetting).check(ENVIRONMENT.rollback),
  verification: z.exactOptional(VerificationSetting).check(ENVIRONMENT.verification),
  artifact_repository: z.exactOptional(ArtifactRepository).check(ENVIRONMENT.artifact_repository),
};

/** Absent: last in the pipeline, unprotected, the name as tag suffix, the gate `policy_compliance` alone. */
export const NewEnvironment = z.strictObject({ name: EnvironmentName.check(ENVIRONMENT.name), ...optional });
export type NewEnvironment = z.infer<typeof NewEnvironment>;

const Lock = z.nullable(
  z.strictObject({
    reason: z.string().check(z.describe('Why it is locked.')),
    by: z.string().check(z.describe('The subject who locked it.')),
    at: Instant.check(z.describe('When it was locked.')),
  }),
);

export const EnvironmentView = z.strictObject({
  name: z.string().check(ENVIRONMENT.name),
  organization_id: z.string().check(z.describe('The tenant that it belongs to.')),
  aliases: z.array(z.string()).check(ENVIRONMENT.aliases),
  rank: z.int().check(ENVIRONMENT.rank),
  protected: z.boolean().check(ENVIRONMENT.protected),
  tag_suffix: z.string().check(ENVIRONMENT.tag_suffix),
  gates: z.array(GateView).check(ENVIRONMENT.gates),
  owned_keys: z.array(z.string()).check(ENVIRONMENT.owned_keys),
  rollback: z.nullable(RollbackSetting).check(ENVIRONMENT.rollback),
  verification: z
    .nullable(z.strictObject({ ...VerificationSetting.shape, on_failure: z.enum(ON_FAILURE).check(FAILED) }))
    .check(ENVIRONMENT.verification),
  artifact_repository: z.nullable(ArtifactRepository).check(ENVIRONMENT.artifact_repository),
  lock: Lock.check(z.describe('The manual stop of everything that executes there.')),
  tenant_lock: Lock.check(z.describe('The lock of the whole tenant, which every environment shows.')),
  incarnation: z
    .optional(z.int())
    .check(
      z.describe(
        'Absent where no environment had the name before; else the number of the change that made this one. What is recorded in it is kept apart by it.',
      ),
    ),
  requirements: z
    .strictObject({
      agent: z.string().check(z.describe('What an agent needs.')),
      config: z.string().check(z.describe('What configuration needs.')),
      artifact: z.string().check(z.describe('What an artifact needs.')),
    })
    .check(z.describe('In words, what each kind needs to enter it.')),
  created_at: Instant.check(z.describe('When it was created.')),
  updated_at: Instant.check(z.describe('When it was last changed.')),
  version: z.int().check(z.describe('Rises with each change; its ETag.')),
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
