import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import { isOwnSecret } from '../../domain/catalog/own-secret.ts';
import { Fault } from '../../domain/faults.ts';
import type { Secrets } from '../../ports/secrets.ts';

/** Secrets Manager, read at every use: a rotated credential is the next call's. A foreign reference never leaves this process. */
export function secretsManager(client: SecretsManagerClient = new SecretsManagerClient({})): Secrets {
  return {
    async read(use, ref) {
      if (!isOwnSecret(use, ref)) return undefined;
      try {
        const answer = await client.send(new GetSecretValueCommand({ SecretId: ref }));
        return answer.SecretString;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw faultOf(error);
      }
    },
  };
}

/** Throttling and the service's own trouble pass; a denied or broken key is rethrown as it is: no retry helps. */
function faultOf(error: unknown): unknown {
  if (!(error instanceof SecretsManagerServiceException)) {
    return new Fault('Unavailable', 'the secret store did not answer', { cause: error });
  }
  if (error.$retryable?.throttling === true || error.name === 'ThrottlingException') {
    return new Fault('Throttled', 'the secret store is throttling', { cause: error });
  }
  const status = error.$metadata.httpStatusCode ?? 500;
  return status >= 500 ? new Fault('Unavailable', 'the secret store failed', { cause: error }) : error;
}
