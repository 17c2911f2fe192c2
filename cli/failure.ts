import { EXIT, type Exit } from './exit.ts';

/** What scripts are told beside the message: members of `error`, or of the answer itself. */
export type FailureData = {
  readonly hint?: string;
  /** Members of `error` in the answer for machines. */
  readonly error?: object;
  /** Members beside `error`: what is known all the same, such as the promotion. */
  readonly beside?: object;
};

/** The end of an invocation that did not do what was asked: a word for scripts, a sentence for people, and the exit. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: string;
  readonly exit: Exit;
  readonly data: FailureData;

  constructor(code: string, exit: Exit, message: string, data: FailureData = {}) {
    super(message);
    this.code = code;
    this.exit = exit;
    this.data = data;
  }
}

/** What was typed does not fit. */
export const misused = (message: string, hint?: string): Failure =>
  new Failure('usage', EXIT.usage, message, hint === undefined ? {} : { hint });
