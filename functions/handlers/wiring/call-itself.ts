import { callLater } from '../../adapters/lambda/call-later.ts';
import { credentialsIn } from '../../adapters/signed-call.ts';
import { Fault } from '../../domain/faults.ts';

/** Asynchronous calls of the function that this code runs in. */
export function callItself(variables: NodeJS.ProcessEnv = process.env): (event: object) => Promise<void> {
  const { AWS_LAMBDA_FUNCTION_NAME: name, AWS_REGION: region, AWS_ENDPOINT_URL_LAMBDA: endpoint } = variables;
  if (name === undefined || region === undefined)
    return () => Promise.reject(new Fault('Unavailable', 'this code runs in no function'));
  const at = endpoint === undefined ? {} : { endpoint };
  return callLater({ name, region, credentials: credentialsIn(variables), ...at });
}
