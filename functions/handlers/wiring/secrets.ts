import { secretsManager } from '../../adapters/secrets/secrets-manager.ts';
import type { Secrets } from '../../ports/secrets.ts';
import type { Environment } from '../environment.ts';

/** The secrets of this installation. Throws when the function was not told their prefix. */
export function wireSecrets({ secretsPrefix }: Pick<Environment, 'secretsPrefix'>): Secrets {
  if (secretsPrefix === undefined) throw new Error('SECRETS_PREFIX is not set');
  return secretsManager({ prefix: secretsPrefix });
}
