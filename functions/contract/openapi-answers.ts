import { type Part, reference } from './openapi-schemas.ts';

/** What answers carry beside their bodies, and the answer that the gateway gives by itself. */

const header = (description: string): Part => ({ description, schema: { type: 'string' } });

export const HEADERS: { readonly [name: string]: Part } = {
  RequestId: header('The id of the request, as logs and problems name it.'),
  Version: header('The version of Sluice that answers.'),
  ETag: header('The version of what is answered: `If-Match` and `If-None-Match` take it.'),
  Location: header('Where the resource can be read.'),
  RetryAfter: header('Seconds after which to ask again.'),
};

const ref = (name: string): Part => ({ $ref: `#/components/headers/${name}` });

/** The headers of an answer. `tagged`: what is answered has versions. */
export function headersOf(status: number, tagged: boolean): Part {
  const success = status < 400;
  return {
    'X-Request-Id': ref('RequestId'),
    'Sluice-Version': ref('Version'),
    ...(success && tagged && status !== 204 ? { ETag: ref('ETag') } : {}),
    ...(status === 201 || status === 202 ? { Location: ref('Location') } : {}),
    ...(status === 202 || status === 503 ? { 'Retry-After': ref('RetryAfter') } : {}),
  };
}

/** What Amazon API Gateway says in its own form. */
export const GatewayMessage: Part = {
  type: 'object',
  description: 'An answer of the API gateway itself.',
  required: ['message'],
  properties: { message: { type: 'string' } },
};

export const TooManyRequests: Part = {
  description: 'The whole API is throttled. Try again, waiting longer each time.',
  content: {
    'application/json': {
      schema: reference('GatewayMessage'),
      example: { message: 'Too Many Requests' },
    },
  },
};
