/** Licenses that allow what a release does: to ship the code, changed and bundled, with its notice. */
export const ALLOWED_LICENSES: ReadonlySet<string> = new Set([
  ...['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC'],
  // They ask for less than MIT does.
  ...['MIT-0', '0BSD', 'BlueOak-1.0.0'],
]);
