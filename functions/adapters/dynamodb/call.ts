import { Fault } from '../../domain/faults.ts';

/** The names under which DynamoDB says "slower". */
const THROTTLED = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'LimitExceededException',
]);

/** The names under which a call did not get its answer, or got "not now". What it did is unknown. */
const UNAVAILABLE = new Set([
  'TimeoutError',
  'AbortError',
  'InternalServerError',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'TransactionConflictException',
  'TransactionInProgressException',
  'ReplicatedWriteConflictException',
  // Credentials of the function that ran out: the platform hands it new ones.
  'ExpiredTokenException',
  'ExpiredToken',
  'RequestExpired',
  'CredentialsProviderError',
]);

/** Codes of sockets and name resolution. */
const NETWORK =
  /^(E(CONN(REFUSED|RESET|ABORTED)|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|AI_AGAIN|NOTFOUND|PROTO)|ENOTFOUND|EAI_AGAIN|UND_ERR_)/;

/** Sends one call: what the SDK gave up on becomes `Throttled` or `Unavailable`, everything else is rethrown as it is. */
export async function call<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw asFault(error);
  }
}

/** A single conditional write: `false` when its condition did not hold. */
export async function conditional(send: () => Promise<unknown>): Promise<boolean> {
  try {
    await send();
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw asFault(error);
  }
}

/** The fault an error of the SDK stands for, or the error itself when it stands for none. */
export function asFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Fault) return error;
  if (THROTTLED.has(error.name)) return new Fault('Throttled', 'the table says slower', { cause: error });
  if (UNAVAILABLE.has(error.name) || isServerFault(error) || isNetworkFault(error)) {
    return new Fault('Unavailable', 'the table did not answer', { cause: error });
  }
  return error;
}

function isServerFault(error: Error): boolean {
  if (!('$metadata' in error)) return false;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return false;
  return typeof metadata.httpStatusCode === 'number' && metadata.httpStatusCode >= 500;
}

function isNetworkFault(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && NETWORK.test(error.code);
}
