import * as z from 'zod/mini';
import type { Egress } from '../../ports/egress.ts';
import type { Log } from '../lambda.ts';

/** What CloudFormation sends for a resource of the stack that a function stands for. */
export const StackEvent = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  ResourceProperties: z.looseObject({ part: z.string() }),
});
export type StackEvent = z.infer<typeof StackEvent>;

/** Characters of a reason: the whole answer may have 4 KB. */
const REASON = 1_000;
const TRIES = 3;

/** Answers CloudFormation. `failed`: why the deployment must not go on; CloudFormation shows it, and takes back what it changed. */
export async function answerStack(
  egress: Egress,
  event: StackEvent,
  failed: string | undefined,
  log: Log,
): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = event;
  const outcome = failed === undefined ? { Status: 'SUCCESS' } : { Status: 'FAILED', Reason: said(failed) };
  const body = JSON.stringify({
    ...outcome,
    PhysicalResourceId: LogicalResourceId,
    StackId,
    RequestId,
    LogicalResourceId,
  });
  for (let tries = 1; ; tries += 1) {
    // The address is signed for an empty type.
    const answer = await egress.send({
      method: 'PUT',
      url: event.ResponseURL,
      headers: { 'content-type': '' },
      body,
      timeout_ms: 10_000,
      max_bytes: 1_000,
    });
    if (answer.result === 'answered' && answer.status < 300) return;
    log.warn('stack_not_answered', { tries });
    if (tries === TRIES) throw new Error('CloudFormation took no answer');
  }
}

const said = (reason: string): string => reason.slice(0, REASON).toWellFormed();
