import type { Log } from '../../functions/handlers/lambda.ts';

export type Line = {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly data: unknown;
};

/** A log that a test can read. */
export function testLog(): Log & { readonly lines: Line[]; keys: object } {
  const lines: Line[] = [];
  return {
    lines,
    keys: {},
    about(keys) {
      this.keys = keys;
    },
    info: (message, data) => void lines.push({ level: 'info', message, data }),
    warn: (message, data) => void lines.push({ level: 'warn', message, data }),
    error: (message, error, data) => void lines.push({ level: 'error', message, data: { error, ...data } }),
  };
}
