import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-endpoint.ts';
import { isRecord, parseJson } from '../json.ts';

/** How a task that waits for its token ends, other than by success. */
export class TaskFailure extends Error {
  constructor(name: string, cause: string) {
    super(cause);
    this.name = name;
  }
}

interface OpenTask {
  readonly resolve: (output: unknown) => void;
  readonly reject: (failure: TaskFailure) => void;
  readonly beat: () => void;
}

/**
 * The task tokens that somebody may still answer. They live in memory only: after a restart the execution starts again
 * and asks for new ones, and the tokens of before answer TaskTimedOut, as those of any closed task do.
 */
export class TaskTokens {
  readonly #open = new Map<string, OpenTask>();
  readonly #executionExists: (arn: string) => boolean;

  constructor(executionExists: (arn: string) => boolean) {
    this.#executionExists = executionExists;
  }

  /** A new token for a task of this execution; it is worth nothing until `open` is called with it. */
  issue(executionArn: string): string {
    return Buffer.from(JSON.stringify({ execution: executionArn, task: randomUUID() })).toString('base64url');
  }

  /**
   * Waits for the answer to a token. Rejects with `TaskFailure` on a reported failure, and when no heartbeat came for
   * `heartbeatMs`. `closed` ends the wait without an answer.
   */
  open(
    token: string,
    heartbeatMs: number | undefined,
    heartbeatError: string,
    closed: AbortSignal,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const close = () => {
        clearTimeout(timer);
        this.#open.delete(token);
        closed.removeEventListener('abort', close);
      };
      const beat = () => {
        if (heartbeatMs === undefined) return;
        clearTimeout(timer);
        timer = setTimeout(() => {
          close();
          reject(new TaskFailure(heartbeatError, 'No heartbeat was received.'));
        }, heartbeatMs);
      };
      closed.addEventListener('abort', close, { once: true });
      this.#open.set(token, {
        resolve: (output) => {
          close();
          resolve(output);
        },
        reject: (failure) => {
          close();
          reject(failure);
        },
        beat,
      });
      beat();
    });
  }

  succeed(token: string, output: unknown): void {
    this.#find(token).resolve(output);
  }

  fail(token: string, error: string, cause: string): void {
    this.#find(token).reject(new TaskFailure(error, cause));
  }

  heartbeat(token: string): void {
    this.#find(token).beat();
  }

  #find(token: string): OpenTask {
    const task = this.#open.get(token);
    if (task !== undefined) return task;
    const issued = parseJson(Buffer.from(token, 'base64url').toString('utf8'));
    if (!isRecord(issued) || typeof issued['execution'] !== 'string' || typeof issued['task'] !== 'string') {
      throw new AwsError('InvalidToken', `Invalid Token: '${token}'`);
    }
    if (!this.#executionExists(issued['execution']))
      throw new AwsError('TaskDoesNotExist', 'Task does not exist');
    throw new AwsError('TaskTimedOut', 'Task Timed Out: The provided task does not exist anymore.');
  }
}
