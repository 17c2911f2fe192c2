import type { MachineCredential } from '../identity/machine-credentials.ts';
import type { HttpRequest } from './event.ts';
import type { Verdict } from './jwt-authorizer.ts';
import { verifySignature } from './sigv4.ts';

/** Checks the SigV4 signature of a request against the local machine credentials, as an IAM-authorized route does. */
export function authorizeIam(
  request: HttpRequest,
  credentials: readonly MachineCredential[],
  now: number,
): Verdict {
  const find = (accessKeyId: string) =>
    credentials.find((candidate) => candidate.access_key_id === accessKeyId);
  const accessKeyId = verifySignature(request, (id) => keyOf(find(id)), now);
  const machine = accessKeyId === undefined ? undefined : find(accessKeyId);
  if (machine === undefined) return { allowed: false, status: 403, headers: {} };
  const userId = `${machine.unique_id}:${machine.session_name}`;
  return {
    allowed: true,
    authorizer: {
      iam: {
        accessKey: machine.access_key_id,
        accountId: machine.account_id,
        callerId: userId,
        cognitoIdentity: null,
        principalOrgId: null,
        userArn: `arn:aws:sts::${machine.account_id}:assumed-role/${machine.role_name}/${machine.session_name}`,
        userId,
      },
    },
  };
}

function keyOf(machine: MachineCredential | undefined) {
  return machine === undefined ? undefined : { secret: machine.secret_access_key };
}
