import { isEmpty } from '../../domain/promotion/head.ts';
import type { Head } from '../../domain/subject.ts';
import type { Write } from '../../ports/transaction.ts';

/** Writes a head over the one that was read. */
export function writeHead(before: Head, head: Head): Write {
  const claimed = before.claim === undefined ? {} : { claimed: true as const };
  const write = { write: 'head', head, expected: before.version, ...claimed } as const;
  return isEmpty(before) && !isEmpty(head) ? { ...write, fills: true } : write;
}
