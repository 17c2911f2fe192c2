import * as z from 'zod/mini';
import { isDuration } from './instant.ts';

/** Schemas of members that many nouns and messages share. Lengths are in UTF-16 code units. */

/** The id grammar: nothing that separates keys can be in it. Names of gates become names of members. */
export const Id = z.string().check(
  z.regex(/^[A-Za-z0-9._-]{1,128}$/, 'must be 1 to 128 letters, digits and ._-'),
  z.refine((id) => id !== '__proto__', 'is a reserved name'),
);
/** An environment's name or alias: an id in lower case, short enough for a tag suffix. */
export const EnvironmentName = z
  .string()
  .check(
    z.regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
      'must be 1 to 63 letters, digits and ._-, beginning with a letter or a digit',
    ),
  );
/** A short line for people. */
export const Line = z.string().check(z.minLength(1), z.maxLength(200));
/** A sentence or some: reasons, comments, notes. */
export const Text = z.string().check(z.minLength(1), z.maxLength(4000));
export const DigestText = z.templateLiteral(
  ['sha256:', z.string().check(z.regex(/^[0-9a-f]{64}$/))],
  'must be sha256: and 64 hex digits in lower case',
);
/** A version of an artifact: semver without an environment and without build metadata; `v` may stand before it. */
export const VersionText = z
  .string()
  .check(
    z.maxLength(64),
    z.regex(
      /^v?[0-9]{1,16}\.[0-9]{1,16}\.[0-9]{1,16}(?:-[0-9A-Za-z.-]+)?$/,
      'must be a semantic version without build metadata, such as v1.2.3',
    ),
  );
/** The number of a revision in the history of an environment. */
export const RevisionNumber = z.int().check(z.minimum(1));
/** RFC 3339 with an offset. */
export const Instant = z.iso.datetime({
  offset: true,
  error: 'must be an instant with an offset, such as 2026-11-22T09:00:00Z',
});
/** An ISO 8601 duration of weeks, or of days and smaller: years and months have no fixed length. How long it may be is the domain's to say. */
export const Duration = z.iso
  .duration('must be a duration, such as P7D')
  .check(z.refine(isDuration, 'must be of weeks, or of days, hours, minutes and seconds, such as P7D'));
/**
 * An address whose every character can be seen: none that is invisible, or that turns the direction of the text. A quoted local part and a
 * dot at the end are other spellings of an address that can be said without them.
 */
export const EMail = z.string().check(
  z.regex(
    /^[^\s@\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{DI}]+@[^\s@\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{DI}]+$/u,
    'must be an e-mail address without invisible characters',
  ),
  z.refine((address) => !/^"|\.$/.test(address), 'must have no quotes and no dot at the end'),
  z.maxLength(254),
);
