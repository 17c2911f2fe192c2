/** An answer of the registry: bytes, or a file that is streamed. */
export interface RegistryAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | FilePart;
}

/** A part of a file, both ends included. */
export interface FilePart {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** The error codes of the OCI Distribution Specification that are used here, with their statuses. */
const statuses = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 400,
  BLOB_UPLOAD_UNKNOWN: 404,
  DENIED: 409,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 404,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  SIZE_INVALID: 413,
  UNAUTHORIZED: 401,
  UNSUPPORTED: 405,
} as const;

/** A request that the registry refuses, in the words of the specification. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: keyof typeof statuses;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: keyof typeof statuses, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.headers = headers;
  }
}

/** The answer to a refused request. */
export function errorAnswer({ code, message, headers }: RegistryError): RegistryAnswer {
  return jsonAnswer(statuses[code], { errors: [{ code, message }] }, 'application/json', headers);
}

/** An answer whose body is JSON of a media type. */
export function jsonAnswer(
  status: number,
  value: unknown,
  contentType = 'application/json',
  headers: Readonly<Record<string, string>> = {},
): RegistryAnswer {
  const body = Buffer.from(JSON.stringify(value));
  return { status, headers: { ...headers, 'content-type': contentType }, body };
}

/** An answer without a body. */
export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}): RegistryAnswer {
  return { status, headers: { ...headers, 'content-length': '0' } };
}
