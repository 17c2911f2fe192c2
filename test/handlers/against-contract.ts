import * as z from 'zod/mini';
import { ENDPOINTS } from '../../functions/contract/all.ts';
import { EVERYWHERE } from '../../functions/contract/endpoint.ts';
import { PROBLEM_STATUS, type ProblemCode } from '../../functions/contract/problem.ts';
import type { Answer } from './event.ts';

const isJson = (headers: Answer['headers'] | undefined): boolean =>
  /json$/.test(String(headers?.['content-type']));

/** What is answered before an operation is found. */
const UNROUTED: readonly ProblemCode[] = [...EVERYWHERE, 'method_not_allowed', 'unknown_operation'];

/** Whatever is answered is something the description of the API announces: its status, and its body to the last field. */
export function holdAgainstContract({ status, headers, body }: Answer, keys: object): void {
  const operation = 'operation' in keys ? keys.operation : undefined;
  const endpoint = ENDPOINTS.find((one) => one.operation === operation);
  if (/^text\/html/.test(String(headers['content-type']))) {
    if ([...(endpoint?.status ?? []), ...(endpoint?.page ?? [])].includes(status)) return;
    throw new Error(`${operation} announces no page with ${status}`);
  }
  // The protocol of OpenFeature has a shape of its own for what cannot be evaluated.
  if (endpoint?.tag === 'ofrep' && status >= 400 && 'errorCode' in body) return;
  if (status >= 400) {
    const code: ProblemCode = body.code;
    if (headers['content-type'] !== 'application/problem+json') throw new Error(`not a problem: ${status}`);
    if (PROBLEM_STATUS[code] !== status) throw new Error(`${code} is not ${status}`);
    const announced = endpoint === undefined ? UNROUTED : [...EVERYWHERE, ...endpoint.errors];
    if (!announced.includes(code)) throw new Error(`${endpoint?.operation} does not announce ${code}`);
    return;
  }
  // Where the same path stands without its last slash.
  if (endpoint === undefined && status === 308 && headers['location'] !== undefined) return;
  if (endpoint === undefined) throw new Error(`answered ${status} without an operation`);
  if (!endpoint.status.includes(status)) throw new Error(`${endpoint.operation} does not announce ${status}`);
  const shown = (status === 202 && endpoint.accepted) || endpoint.response;
  if (shown !== undefined && isJson(headers)) z.parse(shown, body);
}
