import type { RestService } from '../aws-endpoint.ts';

/** The calls of functions by functions, as Lambda takes them: asynchronous ones alone, kept before they are accepted. */
export const asyncInvocations = (enqueue: (functionName: string, event: unknown) => void): RestService => ({
  name: 'lambda',
  method: 'POST',
  path: '/2015-03-31/functions/{FunctionName}/invocations',
  operation: 'Invoke',
  answer: (event, { path }) => enqueue(path['FunctionName'] ?? '', event),
});
