import { gzipSync } from 'node:zlib';
import type { Packing } from '../../ports/site-files.ts';
import type { Reply } from './reply.ts';

/** Characters from which on an answer is packed: shorter ones fit a few packets as they are. */
const LONG = 16_384;

/** Packs as fast as it can: an answer of a megabyte takes some 10 ms, and a tenth of its length. */
const LEVEL = 1;

/**
 * A long answer packed by gzip, where the caller takes that: an overview of thousands of subjects would otherwise be longer than a
 * function may answer (6 MB). A strong entity tag names the bytes that are sent (RFC 9110 section 8.8.1): answers that have one stay as
 * they are.
 */
export function packed(reply: Reply, accepted: string | undefined): Reply {
  const { text, headers, base64 } = reply;
  if (text.length < LONG || base64 !== undefined || headers['etag']?.startsWith('"')) return reply;
  const vary = [headers['vary'], 'accept-encoding'].filter((name) => name !== undefined).join(', ');
  if (!accepts(accepted ?? '', 'gzip')) return { ...reply, headers: { ...headers, vary } };
  return {
    ...reply,
    headers: { ...headers, vary, 'content-encoding': 'gzip' },
    text: gzipSync(text, { level: LEVEL }).toString('base64'),
    base64: true,
  };
}

/** Whether `Accept-Encoding` names a packing, and not with the weight 0 (RFC 9110 section 12.5.3). */
export const accepts = (header: string, packing: Packing): boolean =>
  header.split(',').some((part) => {
    const [name = '', weight = ''] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    return name === packing && !/^q=0(\.0*)?$/.test(weight);
  });
