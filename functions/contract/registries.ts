import * as z from 'zod/mini';
import { REGISTRY_ROLES, REGISTRY_TYPES } from '../domain/catalog/registry.ts';
import { Id, Instant } from './fields.ts';
import { resource } from './resource.ts';

/** Registries: where artifacts are kept. */

const type = z.enum(REGISTRY_TYPES);
const role = z.enum(REGISTRY_ROLES);
const Url = z.string().check(z.minLength(1), z.maxLength(2048));
const Path = z.string().check(z.minLength(1), z.maxLength(200));
const SecretRef = z.string().check(z.minLength(1), z.maxLength(512));

/** Absent: a new id, type `oci`, role `secondary`. */
export const NewRegistry = z.strictObject({
  id: z.exactOptional(Id),
  type: z.exactOptional(type),
  /** Environments live in the one `primary`; what is synced goes to each `secondary`. */
  role: z.exactOptional(role),
  /** The `https` origin, or its host alone. */
  url: Url,
  /** Stands before the name of every repository: the project of a Harbor. */
  repository_prefix: z.exactOptional(Path),
  /** Name of a secret under `sluice/<tenant>/registry/`, which holds `{"username", "password"}`. Absent: anonymous. Of type `ecr` also `{"access_key_id", "secret_access_key"}`: ECR is asked for its token. */
  secret_ref: z.exactOptional(SecretRef),
  /** Bytes of one artifact with everything that refers to it; absent: as many as it has. */
  max_artifact_bytes: z.exactOptional(z.int().check(z.positive())),
});
export type NewRegistry = z.infer<typeof NewRegistry>;

export const RegistryView = z.strictObject({
  id: z.string(),
  organization_id: z.string(),
  type,
  role,
  url: z.string(),
  repository_prefix: z.nullable(z.string()),
  secret_ref: z.nullable(z.string()),
  max_artifact_bytes: z.nullable(z.int()),
  created_at: Instant,
  updated_at: Instant,
  version: z.int(),
});
export type RegistryView = z.infer<typeof RegistryView>;

export const registries = resource({
  tag: 'registries',
  words: 'a registry',
  path: '/api/v1/registries',
  key: 'id',
  operations: {
    create: 'createRegistry',
    list: 'listRegistries',
    get: 'getRegistry',
    replace: 'updateRegistry',
    remove: 'deleteRegistry',
  },
  body: NewRegistry,
  demanded: ['role'],
  fixed: ['id'],
  view: RegistryView,
  errors: ['reserved_name'],
  removal: ['in_use'],
});
