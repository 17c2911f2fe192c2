export const REGISTRY_TYPES = ['harbor', 'ecr', 'acr', 'oci'] as const;
export const REGISTRY_ROLES = ['primary', 'secondary'] as const;

/**
 * Where artifacts are kept (OCI distribution specification). Environments live in the `primary`, of which a tenant has at most one;
 * each `secondary` receives what is synced. `url` is an origin; `repository_prefix` stands before the name of every artifact's
 * repository (the project of a Harbor); `secret_ref` names the credential, never holds it; `max_artifact_bytes` bounds one artifact
 * with everything that refers to it.
 */
export type Registry = {
  readonly id: string;
  readonly type: (typeof REGISTRY_TYPES)[number];
  readonly role: (typeof REGISTRY_ROLES)[number];
  readonly url: string;
  readonly repository_prefix?: string;
  readonly secret_ref?: string;
  readonly max_artifact_bytes?: number;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
};
