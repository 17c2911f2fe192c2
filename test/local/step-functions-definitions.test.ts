import { describe, expect, it } from 'vitest';
import type { Functions } from '../../local/lambda/functions.ts';
import { ExecutionStore } from '../../local/step-functions/execution-store.ts';
import { Executions } from '../../local/step-functions/executions.ts';
import { arn, lambda } from './step-functions-machines.ts';

describe('a definition', () => {
  const build = (definition: unknown) => () => {
    const functions: Functions = {
      definitions: [],
      invoke: async () => ({ ok: true, payload: null }),
      stop: async () => {},
    };
    const never = Object.create(ExecutionStore.prototype);
    return new Executions(never, functions, [{ arn: arn('x'), name: 'x', definition }]);
  };
  const task = { Type: 'Task', Resource: lambda('f'), End: true };

  it.each([
    ['JSONata', { QueryLanguage: 'JSONata', StartAt: 'A', States: { A: task } }],
    ['Assign', { StartAt: 'A', States: { A: { ...task, Assign: { x: 1 } } } }],
    [
      'states:::sqs',
      { StartAt: 'A', States: { A: { ...task, Resource: 'arn:aws:states:::sqs:sendMessage' } } },
    ],
    ['invalid', { StartAt: 'A', States: { A: { ...task, Next: 'B' } } }],
  ])('with %s is refused', (message, definition) => {
    expect(build(definition)).toThrow(message);
  });
});
