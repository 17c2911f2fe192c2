import { PROBLEM_TYPE } from '../../contract/problem.ts';
import type { Reply } from './reply.ts';

/**
 * A problem document as OpenFeature's providers read one too: with the flag's `key`, an `errorCode` of the protocol and its
 * `errorDetails`. What is no problem stays as it is.
 */
export function evaluationFailure(reply: Reply, key: string | undefined): Reply {
  if (reply.headers['content-type'] !== PROBLEM_TYPE) return reply;
  const problem: { readonly detail: string; readonly errors?: readonly { readonly field: string }[] } =
    JSON.parse(reply.text);
  const failure = {
    ...(key === undefined ? {} : { key }),
    errorCode: codeOf(problem.errors?.[0]?.field),
    errorDetails: problem.detail,
  };
  return { ...reply, text: JSON.stringify({ ...problem, ...failure }) };
}

function codeOf(field: string | undefined): 'PARSE_ERROR' | 'INVALID_CONTEXT' | 'GENERAL' {
  if (field === 'body') return 'PARSE_ERROR';
  return field === 'context' || field?.startsWith('context.') ? 'INVALID_CONTEXT' : 'GENERAL';
}
