const ID = /^[A-Za-z0-9._-]{1,128}$/;

/** Words that are parts of routes: an item so named could not be reached. */
export const RESERVED: readonly string[] = [
  'approvals',
  'audit',
  'batch',
  'branch',
  'current',
  'diff',
  'drift',
  'exists',
  'export',
  'history',
  'import',
  'latest',
  'lock',
  'metrics',
  'promotions',
  'resolve',
  'revisions',
  'rollback',
  'rules',
  'snapshot',
  'status',
  'tag',
  'unlock',
  'versions',
  'what-if',
];

/** Whether a text is an id: 1 to 128 of `A-Z a-z 0-9 . _ -`, and not `.` or `..`, which are paths. */
export function isId(text: string): boolean {
  return ID.test(text) && text !== '.' && text !== '..';
}

/** Whether a word is part of a route, in any case. */
export function isReserved(text: string): boolean {
  return RESERVED.includes(text.toLowerCase());
}
