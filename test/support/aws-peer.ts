import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { answering, type WireFault } from './fault-server.ts';

/** A call of an AWS service as its peer read it: `PutEvents` and its JSON. */
export type AwsCall = { readonly operation: string; readonly body: ReturnType<typeof JSON.parse> };

/** What each service answers that takes a call. */
const TAKEN: { readonly [operation: string]: (body: AwsCall['body']) => object } = {
  PutEvents: ({ Entries }) => ({
    FailedEntryCount: 0,
    Entries: Entries.map((_: unknown, at: number) => ({ EventId: String(at) })),
  }),
  SendMessageBatch: ({ Entries }) => ({
    Successful: Entries.map(({ Id, MessageBody }: { Id: string; MessageBody: string }) => ({
      Id,
      MessageId: Id,
      MD5OfMessageBody: md5(MessageBody),
    })),
  }),
  SendMessage: ({ MessageBody }) => ({ MessageId: 'm', MD5OfMessageBody: md5(MessageBody) }),
  StartExecution: ({ name }) => ({ executionArn: `arn:aws:states:::${name}`, startDate: 1 }),
  CreateSchedule: () => ({ ScheduleArn: 'arn:aws:scheduler:::schedule' }),
  SendEmail: () => ({ MessageId: 'mail-1' }),
};

/** A service that takes every call and notes it; `heard: false`: its answer never arrives. */
export const taking =
  (calls: AwsCall[], { heard = true } = {}): WireFault =>
  (socket, first) => {
    void whole(socket, first).then((request) => {
      const call = callOf(request);
      calls.push(call);
      if (heard) answering(200, TAKEN[call.operation]?.(call.body) ?? {})(socket, first);
      else socket.resetAndDestroy();
    });
  };

/** The errors that the SDK documents for a command, each with the status that its kind has. */
export function documentedErrors(client: string, command: string): readonly (readonly [string, WireFault])[] {
  const file = `node_modules/@aws-sdk/client-${client}/dist-types/commands/${command}Command.d.ts`;
  const found = readFileSync(file, 'utf8').matchAll(/@throws \{@link (\w+)\} \((client|server) fault\)/g);
  const errors = [...found].map(([, name = '', side]) => [name, side === 'server' ? 500 : 400] as const);
  // What any service may answer.
  const common = [
    ['AccessDeniedException', 400],
    ['ExpiredTokenException', 400],
    ['ThrottlingException', 400],
    ['ServiceUnavailable', 503],
  ] as const;
  return [...new Map<string, number>([...errors, ...common])].map(([name, status]) => [
    `${command}: ${name}`,
    answering(status, { __type: name, message: 'as the fault server says' }),
  ]);
}

function callOf(request: string): AwsCall {
  const [head = '', ...rest] = request.split('\r\n\r\n');
  const [line = ''] = head.split('\r\n');
  const target = /^x-amz-target: \S+\.(\w+)$/im.exec(head)?.[1];
  const text = rest.join('\r\n\r\n');
  return { operation: target ?? restOperation(line), body: text === '' ? {} : JSON.parse(text) };
}

/** The operation of a service that is called by paths. */
function restOperation(line: string): string {
  const [method = '', path = ''] = line.split(' ');
  if (path.startsWith('/v2/email/outbound-emails')) return 'SendEmail';
  return { POST: 'CreateSchedule', PUT: 'UpdateSchedule', DELETE: 'DeleteSchedule' }[method] ?? line;
}

/** A request with its body, which may come in parts. */
function whole(socket: Socket, first: Buffer): Promise<string> {
  let read = first;
  return new Promise((done) => {
    const look = () => {
      const head = read.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(read.toString('latin1'))?.[1] ?? 0);
      if (head >= 0 && read.length >= head + 4 + length) done(read.toString('utf8'));
    };
    socket.on('data', (more) => {
      read = Buffer.concat([read, more]);
      look();
    });
    look();
  });
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
