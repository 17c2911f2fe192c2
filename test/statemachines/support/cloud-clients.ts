import { Readable } from 'node:stream';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { StateMachineHost } from './state-machine-host.ts';

type Request = { readonly headers: { readonly [name: string]: string }; readonly body?: unknown };
type Answer = { readonly status: number; readonly body: object };

/** A request handler that the real SDK clients send through instead of a socket: AWS JSON over a function. */
function over(serve: (operation: string, input: Record<string, unknown>) => Answer) {
  return {
    async handle(request: Request) {
      const target = request.headers['x-amz-target'] ?? '';
      const { status, body } = serve(target.slice(target.indexOf('.') + 1), JSON.parse(textOf(request.body)));
      const headers = { 'content-type': 'application/x-amz-json-1.0' };
      return { response: { statusCode: status, headers, body: Readable.from([JSON.stringify(body)]) } };
    },
  };
}

function textOf(body: unknown): string {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body);
}

const CONFIG = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
};

const refused = (name: string): Answer => ({ status: 400, body: { __type: name, message: name } });

/** The real client of Step Functions, talking to the host. */
export function sfnClient(host: StateMachineHost): SFNClient {
  const requestHandler = over((operation, input) => {
    switch (operation) {
      case 'StartExecution':
        return host.start(String(input['name']), String(input['input']))
          ? { status: 200, body: { executionArn: `arn:${input['name']}`, startDate: 0 } }
          : refused('ExecutionAlreadyExists');
      case 'SendTaskSuccess':
        return host.succeed(String(input['taskToken']), String(input['output']))
          ? { status: 200, body: {} }
          : refused('TaskTimedOut');
      default:
        return refused('UnknownOperationException');
    }
  });
  return new SFNClient({ ...CONFIG, requestHandler });
}

/** The real client of EventBridge; what it puts is kept. */
export function busClient(published: unknown[]): EventBridgeClient {
  const requestHandler = over((_, { Entries }) => {
    const entries = Array.isArray(Entries) ? Entries : [];
    published.push(...entries.map(({ Detail }) => JSON.parse(Detail)));
    return { status: 200, body: { FailedEntryCount: 0, Entries: entries.map(() => ({ EventId: 'e' })) } };
  });
  return new EventBridgeClient({ ...CONFIG, requestHandler });
}
