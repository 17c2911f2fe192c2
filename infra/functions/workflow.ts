import type { FunctionDeclaration } from '../declaration.ts';
import { STEP } from './step.ts';

/** A step that also talks to a gateway and retries it, or copies between registries: 270 s of that, and what is in flight arrives. */
const OUTSIDE_STEP = { memory: 1024, timeout: 420 } as const;

/** A step that also asks the providers of gates and registries for signatures, all at once, 30 s at the most; the state waits 60 s for it. */
const ASKING_STEP = { memory: 1024, timeout: 55 } as const;

/** Functions behind the Task states of the promotion workflow. */
export const WORKFLOW_FUNCTIONS = [
  {
    name: 'assess',
    entry: 'workflow/assess.ts',
    description: 'State Assess: evaluates policy, gates and approvals.',
    ...ASKING_STEP,
    trigger: { type: 'state', substitution: 'AssessArn' },
    grants: {
      table: { actions: ['BatchGetItem', 'ConditionCheckItem', 'GetItem', 'Query', 'PutItem', 'UpdateItem'] },
      publishes: true,
      schedules: true,
      secrets: ['gate', 'registry'],
    },
  },
  {
    name: 'await',
    entry: 'workflow/await.ts',
    description: 'State Await: keeps the task token until someone wakes it.',
    ...STEP,
    trigger: { type: 'state', substitution: 'AwaitArn' },
    grants: { table: { actions: ['GetItem', 'PutItem', 'UpdateItem'] }, wakes: true },
  },
  {
    name: 'execute',
    entry: 'workflow/execute.ts',
    description: 'State Execute: claims the head, acts, swaps the head.',
    ...OUTSIDE_STEP,
    trigger: { type: 'state', substitution: 'ExecuteArn' },
    grants: {
      table: {
        actions: [
          'BatchGetItem',
          'BatchWriteItem',
          'ConditionCheckItem',
          'GetItem',
          'Query',
          'DeleteItem',
          'PutItem',
          'UpdateItem',
        ],
      },
      publishes: true,
      secrets: ['gateway', 'registry'],
    },
  },
  {
    name: 'execute-and-wait',
    entry: 'workflow/execute-and-wait.ts',
    description: 'State ExecuteAndWait: claims the head, asks a gateway that reports later.',
    ...OUTSIDE_STEP,
    trigger: { type: 'state', substitution: 'ExecuteAndWaitArn' },
    grants: {
      table: {
        actions: [
          'BatchGetItem',
          'BatchWriteItem',
          'ConditionCheckItem',
          'GetItem',
          'Query',
          'DeleteItem',
          'PutItem',
          'UpdateItem',
        ],
      },
      publishes: true,
      wakes: true,
      secrets: ['gateway', 'registry'],
    },
  },
  {
    name: 'settle',
    entry: 'workflow/settle.ts',
    description: 'State Settle: after a fault, puts back what it can and records why.',
    ...OUTSIDE_STEP,
    trigger: { type: 'state', substitution: 'SettleArn' },
    grants: {
      table: { actions: ['ConditionCheckItem', 'GetItem', 'Query', 'DeleteItem', 'PutItem', 'UpdateItem'] },
      publishes: true,
      secrets: ['gateway', 'registry'],
    },
  },
] as const satisfies readonly FunctionDeclaration[];
