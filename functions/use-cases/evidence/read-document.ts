import { type Digest, digestOfBytes } from '../../domain/digest.ts';
import { readObject } from '../../domain/evidence/read-json.ts';
import type { PlainFormat } from '../../domain/evidence/read-report.ts';
import {
  type Format,
  MAX_DOCUMENT,
  MAX_FETCHED,
  type Reading,
  type Unreadable,
  unreadable,
} from '../../domain/evidence/report.ts';
import { canonicalJson } from '../../domain/jcs.ts';
import type { Egress } from '../../ports/egress.ts';
import type { Signatures } from '../../ports/signatures.ts';

/** A document as it is given: text, a JSON object, or where it lies and what it digests to. */
export type GivenDocument =
  | string
  | { readonly [name: string]: unknown }
  | { readonly url: string; readonly sha256: string };

/** A document as read. `text` is absent where it is too large to be stored. */
export type ReadDocument = {
  readonly reading: Reading;
  readonly digest: Digest;
  readonly text?: string;
};

/** Milliseconds for fetching a document: an HTTP API waits 30 s for all of an answer. */
const FETCH_MS = 15_000;

/** Gets hold of a document and reads it. Never throws for what a document or its server is. */
export async function readDocument(
  deps: { readonly egress: Egress; readonly signatures: Signatures },
  {
    format,
    subject,
    document,
  }: { readonly format: Format; readonly subject: Digest; readonly document: GivenDocument },
): Promise<ReadDocument | Unreadable> {
  const text = await textOf(deps.egress, document);
  if (typeof text !== 'string') return text;
  const reading = await readingOf(deps.signatures, format, text, subject);
  if ('unreadable' in reading) return reading;
  const digest = digestOfBytes(text);
  return Buffer.byteLength(text) > MAX_DOCUMENT ? { reading, digest } : { reading, digest, text };
}

async function readingOf(
  signatures: Signatures,
  format: Format,
  text: string,
  subject: Digest,
): Promise<Reading | Unreadable> {
  if (format === 'cosign') return signatures.verify(text, subject);
  return format === 'in-toto' && isSigned(text)
    ? readSigned(signatures, text, subject)
    : readPlain(format, text, subject);
}

/** A statement counts for who signed it where it comes in a bundle; bare, for who brought it. */
async function readSigned(
  signatures: Signatures,
  text: string,
  subject: Digest,
): Promise<Reading | Unreadable> {
  const opened = await signatures.open(text);
  if ('unreadable' in opened) return opened;
  const reading = await readPlain('in-toto', opened.statement, subject);
  if ('unreadable' in reading) return reading;
  return { ...reading, result: { ...reading.result, verified: true, ...opened.signer } };
}

function isSigned(text: string): boolean {
  const read = readObject(text);
  return !('unreadable' in read) && 'bundle' in read.members;
}

/** Parsers are large, and most calls of this function read no report. */
async function readPlain(format: PlainFormat, text: string, subject: Digest): Promise<Reading | Unreadable> {
  const { readReport } = await import('../../domain/evidence/read-report.ts');
  return readReport(format, text, subject);
}

async function textOf(egress: Egress, document: GivenDocument): Promise<string | Unreadable> {
  if (isAddress(document)) return await fetched(egress, document);
  const text = typeof document === 'string' ? document : canonicalJson(document);
  if (Buffer.byteLength(text) <= MAX_DOCUMENT) return text;
  return unreadable(`the document has more than ${MAX_DOCUMENT} bytes: give its url and sha256`);
}

async function fetched(
  egress: Egress,
  { url, sha256 }: { readonly url: string; readonly sha256: string },
): Promise<string | Unreadable> {
  const answer = await egress.send({
    method: 'GET',
    url,
    headers: { accept: '*/*' },
    timeout_ms: FETCH_MS,
    max_bytes: MAX_FETCHED,
  });
  if (answer.result !== 'answered') return unreadable(`the document cannot be fetched: ${answer.message}`);
  if (answer.status !== 200) return unreadable(`the document's address answers ${answer.status}`);
  if (answer.truncated) return unreadable(`the document has more than ${MAX_FETCHED} bytes, or breaks off`);
  if (digestOfBytes(answer.body) !== `sha256:${sha256}`) return unreadable('the document has another sha256');
  return answer.body;
}

function isAddress(document: GivenDocument): document is { readonly url: string; readonly sha256: string } {
  return (
    typeof document === 'object' &&
    Object.keys(document).length === 2 &&
    typeof document['url'] === 'string' &&
    typeof document['sha256'] === 'string'
  );
}
