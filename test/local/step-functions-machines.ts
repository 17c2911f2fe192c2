export const arn = (name: string) => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
export const lambda = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const machine = (name: string, States: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  arn: arn(name),
  name,
  definition: { StartAt: Object.keys(States)[0], States, ...more },
});
const waiting = (more: Record<string, unknown>) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: {
    FunctionName: lambda('park'),
    Payload: {
      'execution.$': '$$.Execution.Name',
      'token.$': '$$.Task.Token',
      'retry.$': '$$.State.RetryCount',
      'entered.$': '$$.State.EnteredTime',
    },
  },
  ...more,
});

export const machines = [
  machine('direct', {
    Double: { Type: 'Task', Resource: lambda('double'), Next: 'Enough' },
    Enough: {
      Type: 'Choice',
      Choices: [{ Variable: '$.n', NumericLessThan: 16, Next: 'Double' }],
      Default: 'Done',
    },
    Done: { Type: 'Succeed' },
  }),
  machine('waiting', { Wait: waiting({ TimeoutSeconds: 99_999_999, End: true }) }),
  machine('retrying', {
    Wait: waiting({
      Retry: [{ ErrorEquals: ['Again'], IntervalSeconds: 1, MaxAttempts: 2, MaxDelaySeconds: 1 }],
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.fault', Next: 'Caught' }],
      Next: 'Done',
    }),
    Caught: { Type: 'Pass', End: true },
    Done: { Type: 'Succeed' },
  }),
  machine('beating', { Wait: waiting({ HeartbeatSeconds: 4, End: true }) }),
  machine('timely', { Wait: waiting({ TimeoutSeconds: 1, End: true }) }),
  machine('limited', { Wait: waiting({ End: true }) }, { TimeoutSeconds: 1 }),
  machine('failing', { Fail: { Type: 'Task', Resource: lambda('fail'), End: true } }),
  machine('missing', { Call: { Type: 'Task', Resource: lambda('nobody'), End: true } }),
  machine('pausing', {
    Long: { Type: 'Wait', Seconds: 30 * 24 * 3600, End: true },
  }),
  machine('brief', {
    Pause: { Type: 'Wait', SecondsPath: '$.seconds', Next: 'Past' },
    Past: { Type: 'Wait', Timestamp: '2020-01-01T00:00:00Z', End: true },
  }),
];
