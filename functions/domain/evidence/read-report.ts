import type { Digest } from '../digest.ts';
import { readGrype } from './grype.ts';
import { readInToto } from './in-toto.ts';
import { readInfracost } from './infracost.ts';
import { readJsonReport } from './json.ts';
import { readJUnit } from './junit.ts';
import { readK6 } from './k6.ts';
import { type Format, MAX_FETCHED, type Reading, type Unreadable, unreadable } from './report.ts';
import { readSarif } from './sarif.ts';
import { readTrivy } from './trivy.ts';

/** Formats that are read without cryptography; of `in-toto` the statement, whoever signed it. */
export type PlainFormat = Exclude<Format, 'cosign'>;

/** Reads a document of a format into normal form. Never throws, whatever it is given; time and memory grow with its length alone. */
export function readReport(format: PlainFormat, text: string, subject: Digest): Reading | Unreadable {
  if (text.length > MAX_FETCHED) return unreadable('the document is too large');
  if (!text.isWellFormed() || text.includes('\0')) return unreadable('the document is not text');
  // A byte order mark is no part of the document (RFC 8259 section 8.1).
  const bare = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (bare.trim() === '') return unreadable('the document is empty');
  switch (format) {
    case 'junit':
      return readJUnit(bare);
    case 'sarif':
      return readSarif(bare);
    case 'trivy':
      return readTrivy(bare, subject);
    case 'grype':
      return readGrype(bare, subject);
    case 'infracost':
      return readInfracost(bare);
    case 'k6':
      return readK6(bare);
    case 'in-toto':
      return readInToto(bare, subject);
    case 'json':
      return readJsonReport(bare, subject);
    default:
      return format satisfies never;
  }
}
