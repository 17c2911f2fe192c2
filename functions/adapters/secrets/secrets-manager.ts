import {
  GetSecretValueCommand,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import { isOwnSecret } from '../../domain/catalog/own-secret.ts';
import { Fault } from '../../domain/faults.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { inTime } from '../in-time.ts';

/** How every reference begins, whatever the installation's secrets are called. */
const REFERENCE_PREFIX = 'sluice';

export type SecretsSettings = {
  /** How the names of this installation's secrets begin, in place of a reference's `sluice`. */
  readonly prefix: string;
  readonly client?: SecretsManagerClient;
};

/** Secrets Manager, read at every use: a rotated credential is the next call's. A foreign reference never leaves this process. */
export function secretsManager({
  prefix,
  client = inTime(new SecretsManagerClient({})),
}: SecretsSettings): Secrets {
  return {
    async read(use, ref) {
      if (!isOwnSecret(use, ref)) return undefined;
      try {
        const SecretId = `${prefix}${ref.slice(REFERENCE_PREFIX.length)}`;
        const answer = await client.send(new GetSecretValueCommand({ SecretId }));
        return answer.SecretString;
      } catch (error) {
        if (isUnusable(error)) return undefined;
        throw faultOf(error);
      }
    },
  };
}

/**
 * Errors of `GetSecretValue` that concern this secret alone: absent, scheduled for deletion, encrypted with a key that is disabled or
 * refused to us, or named in a way that no secret can be.
 */
const UNUSABLE: readonly string[] = [
  'ResourceNotFoundException',
  'InvalidRequestException',
  'InvalidParameterException',
  'DecryptionFailure',
  'AccessDeniedException',
];

const isUnusable = (error: unknown): boolean =>
  error instanceof SecretsManagerServiceException && UNUSABLE.includes(error.name);

/** Everything else is the store's trouble or ours, and passes. */
function faultOf(error: unknown): Fault {
  const known = error instanceof SecretsManagerServiceException ? error : undefined;
  if (known?.$retryable?.throttling === true || known?.name === 'ThrottlingException') {
    return new Fault('Throttled', 'the secret store is throttling', { cause: error });
  }
  return new Fault('Unavailable', 'the secret store did not answer', { cause: error });
}
