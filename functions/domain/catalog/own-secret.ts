/** Characters of a Secrets Manager name after the tenant's prefix; no `..`, no empty part. */
const REST = /^(?!.*\.\.)[A-Za-z0-9_+=.@-]+(?:\/[A-Za-z0-9_+=.@-]+)*$/;

/** Whether a reference names a secret of this tenant: `sluice/<tenant>/…`, at most 512 characters (DESIGN section 10). */
export function isOwnSecret(tenant: string, ref: string): boolean {
  const prefix = `sluice/${tenant}/`;
  return ref.startsWith(prefix) && ref.length <= 512 && REST.test(ref.slice(prefix.length));
}
