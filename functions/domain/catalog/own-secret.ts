/**
 * What Sluice uses a tenant's secrets for. The purpose is part of a secret's name, so that one which receivers or providers know cannot
 * serve as another: who knows a webhook's secret could otherwise sign as Slack does.
 */
export const SECRET_PURPOSES = ['webhook', 'slack', 'gate', 'registry', 'gateway'] as const;
export type SecretPurpose = (typeof SECRET_PURPOSES)[number];

/** Whose secret it is, and what for. */
export type SecretUse = { readonly tenant: string; readonly purpose: SecretPurpose };

/** Characters of a Secrets Manager name after the prefix; no `..`, no empty part. */
const REST = /^(?!.*\.\.)[A-Za-z0-9_+=.@-]+(?:\/[A-Za-z0-9_+=.@-]+)*$/;

/** Longest reference, in characters: the longest name that Secrets Manager has. */
const LONGEST = 512;

/** Start of the names of a tenant's secrets for one purpose. */
export const secretPrefix = ({ tenant, purpose }: SecretUse): string => `sluice/${tenant}/${purpose}/`;

/** Whether a reference names a secret of this tenant for this purpose: `sluice/<tenant>/<purpose>/…`. */
export function isOwnSecret(use: SecretUse, ref: string): boolean {
  const prefix = secretPrefix(use);
  return ref.startsWith(prefix) && ref.length <= LONGEST && REST.test(ref.slice(prefix.length));
}
