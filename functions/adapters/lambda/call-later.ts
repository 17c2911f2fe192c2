import { Fault } from '../../domain/faults.ts';
import { type Credentials, signedCalls } from '../signed-call.ts';

export type LaterSettings = {
  /** The name of the function that is called. */
  readonly name: string;
  readonly region: string;
  /** Where Lambda answers, without a slash at the end; absent: at the endpoint of the region. */
  readonly endpoint?: string;
  readonly credentials: Credentials;
};

/** Milliseconds for a call: the caller waits for it. */
const DEADLINE_MS = 1_000;

/** Calls a function asynchronously: Lambda keeps the event and answers at once. Throws `Unavailable`. */
export function callLater({
  name,
  region,
  endpoint,
  credentials,
}: LaterSettings): (event: object) => Promise<void> {
  const call = signedCalls({ service: 'lambda', region, credentials }, DEADLINE_MS);
  const base = endpoint ?? `https://lambda.${region}.amazonaws.com`;
  return async (event) => {
    const answer = await call({
      method: 'POST',
      url: `${base}/2015-03-31/functions/${name}/invocations`,
      body: new TextEncoder().encode(JSON.stringify(event)),
      headers: { 'x-amz-invocation-type': 'Event' },
    }).catch((cause: unknown) => {
      throw new Fault('Unavailable', 'Lambda did not answer', { cause });
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new Fault('Unavailable', `Lambda answered ${answer.status}`);
  };
}
