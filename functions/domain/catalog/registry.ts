import * as z from 'zod/mini';
import { Id } from '../fields.ts';
import { type Item, noun, type Said } from '../noun.ts';

export const REGISTRY_TYPES = ['harbor', 'ecr', 'acr', 'oci'] as const;
export const REGISTRY_ROLES = ['primary', 'secondary'] as const;

/** Where artifacts are kept (OCI distribution specification). */
export const registry = noun({
  input: {
    id: z.exactOptional(Id).check(z.describe('Its id; absent: a new one.')),
    type: z
      ._default(z.enum(REGISTRY_TYPES), 'oci')
      .check(
        z.describe('Which product it is; `oci` is any that follows the OCI distribution specification.'),
      ),
    role: z
      ._default(z.enum(REGISTRY_ROLES), 'secondary')
      .check(
        z.describe(
          'Environments live in the `primary`, of which a tenant has at most one; a sync copies to each `secondary`.',
        ),
      ),
    url: z
      .string()
      .check(z.minLength(1), z.maxLength(2048), z.describe('Its `https` origin, or the host alone.')),
    repository_prefix: z
      .exactOptional(z.string().check(z.minLength(1), z.maxLength(200)))
      .check(z.describe('Stands before the name of every repository: the project of a Harbor.')),
    secret_ref: z
      .exactOptional(z.string().check(z.minLength(1), z.maxLength(512)))
      .check(
        z.describe(
          'The name of a secret under `sluice/<tenant>/registry/` with `{"username", "password"}`; of the type `ecr` also `{"access_key_id", "secret_access_key"}`, with which ECR gives a token. Absent: anonymous.',
        ),
      ),
    max_artifact_bytes: z
      .exactOptional(z.int().check(z.positive()))
      .check(z.describe('Bytes of one artifact with everything that refers to it; absent: any number.')),
  },
  managed: { id: z.string().check(z.describe('Its id.')) },
});

export interface Registry extends Item<typeof registry> {}

/** What callers say of a registry, its defaults filled in. */
export interface RegistryFields extends Said<typeof registry> {}
