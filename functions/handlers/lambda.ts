import { Logger } from '@aws-lambda-powertools/logger';

/** What a line carries beside its text. The logger drops three names without a word, so that nothing may be called so. */
type Data = { readonly [name: string]: unknown } & {
  readonly [reserved in 'level' | 'message' | 'timestamp']?: never;
};

/**
 * Where functions write what operators read. Never bodies, tokens, secrets or paths: ids, codes, routes, durations.
 * Every line of one invocation carries the keys given to `about`.
 */
export interface Log {
  /** Starts an invocation: forgets the keys of the one before. */
  about(keys: { readonly [name: string]: string }): void;
  info(message: string, data?: Data): void;
  warn(message: string, data?: Data): void;
  /** `error` is written with its stack and causes: to the log only, never to a caller. */
  error(message: string, error: unknown, data?: Data): void;
}

/** The structured log of a function; its service name and level come from the environment. */
export function openLog(): Log {
  const logger = new Logger();
  return {
    about(keys) {
      logger.resetKeys();
      logger.appendKeys(keys);
    },
    info: (message, data = {}) => logger.info(message, data),
    warn: (message, data = {}) => logger.warn(message, data),
    error: (message, error, data = {}) =>
      logger.error(message, { ...data, error: error instanceof Error ? error : new Error(String(error)) }),
  };
}
