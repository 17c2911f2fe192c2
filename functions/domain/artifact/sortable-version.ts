/** Digits of the largest number that a version may hold, 2^53 - 1. */
const DIGITS = 16;

const VERSION = /^([0-9]+)\.([0-9]+)\.([0-9]+)(?:-([0-9A-Za-z.-]+))?$/;

/**
 * A text that sorts, character by character, as a version (semver without `v`) does: numbers padded, identifiers of a prerelease told
 * apart from each other by `!`, which is below every character of theirs, numeric ones before others, and a release after all of its
 * prereleases. Needs no library: every function that writes to the table has this.
 */
export function sortableVersion(version: string): string {
  const [, major = '', minor = '', patch = '', identifiers] = VERSION.exec(version) ?? [];
  if (patch === '') throw new RangeError(`not a version: ${version}`);
  const numbers = [major, minor, patch].map(padded).join('.');
  if (identifiers === undefined) return `${numbers}~`;
  return `${numbers}-${identifiers.split('.').map(sortable).join('!')}`;
}

const padded = (digits: string): string => digits.padStart(DIGITS, '0');

const sortable = (identifier: string): string =>
  /^[0-9]+$/.test(identifier) ? `0${padded(identifier)}` : `1${identifier}`;
