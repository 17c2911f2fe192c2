import { isRecord } from '../json.ts';
import type { InvokeResult } from '../lambda/protocol.ts';
import { gatewayAnswer, type HttpAnswer } from './gateway-answer.ts';

/**
 * The HTTP answer for what a function returned, by the rules of payload format 2.0: an object with `statusCode` is the
 * answer itself, anything else is a 200 with that JSON. A failed function is 500, a throttled one 503.
 */
export function answerOf(result: InvokeResult): HttpAnswer {
  if (!result.ok) return gatewayAnswer(result.error.errorType === 'TooManyRequestsException' ? 503 : 500);
  const { payload } = result;
  if (!isRecord(payload) || payload['statusCode'] === undefined) return shorthand(payload);
  const status = Number(payload['statusCode']);
  const body = payload['body'] ?? '';
  if (!Number.isInteger(status) || status < 100 || status > 599 || typeof body !== 'string')
    return gatewayAnswer(500);
  const cookies = payload['cookies'];
  return {
    status,
    headers: {
      'content-type': 'text/plain;charset=UTF-8',
      ...headersIn(payload['headers']),
      ...(Array.isArray(cookies) ? { 'set-cookie': cookies.map(String) } : {}),
    },
    body: Buffer.from(body, payload['isBase64Encoded'] === true ? 'base64' : 'utf8'),
  };
}

function shorthand(payload: unknown): HttpAnswer {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(text) };
}

function headersIn(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name.toLowerCase() !== 'content-length')
      .map(([name, item]) => [name.toLowerCase(), String(item)]),
  );
}
