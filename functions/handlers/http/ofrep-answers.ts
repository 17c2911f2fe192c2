import { digestOfBytes } from '../../domain/digest.ts';
import type { FlagContext } from '../../domain/flags/evaluate-flag.ts';
import { unreachable } from '../../domain/unreachable.ts';
import {
  type Delivered,
  evaluateAll,
  evaluateOne,
  type FlagReader,
} from '../../use-cases/config/evaluate.ts';
import type { Deps } from '../../use-cases/deps.ts';
import { FORM } from './etag.ts';
import { type Answer, ok } from './reply.ts';

/** One flag as the protocol answers it. */
export async function oneFlag(
  deps: Pick<Deps, 'nodes'>,
  reader: FlagReader,
  { key, context }: { readonly key: string; readonly context: FlagContext },
): Promise<Answer> {
  const evaluated = await evaluateOne(deps, reader, { context, key });
  return { status: statusOf(evaluated), body: flagView(key, evaluated) };
}

/** All flags; 304 to whoever has them already, before any is read. The `ETag` covers the flags, the context, what is withheld, and the address of the stream with its ticket. */
export async function allFlags(
  deps: Pick<Deps, 'nodes'>,
  reader: FlagReader,
  { context, known, stream }: AllAsked,
): Promise<Answer> {
  const covered = JSON.stringify([FORM, reader.root, context, reader.whole, stream ?? null]);
  const etag = `"${digestOfBytes(covered).slice('sha256:'.length)}"`;
  const tagged = { etag, 'cache-control': 'private, no-cache' };
  if (known.includes(etag)) return { status: 304, headers: tagged };
  const flags = await evaluateAll(deps, reader, context);
  const eventStreams = [{ type: 'sse', url: stream, inactivityDelaySec: INACTIVITY }];
  const all = flags.map(({ key, evaluated }) => flagView(key, evaluated));
  return ok({ flags: all, ...(stream === undefined ? {} : { eventStreams }) }, tagged);
}

/** Seconds after which a hidden page lets its stream go: a stream costs for as long as it is open. */
const INACTIVITY = 60;

type AllAsked = {
  readonly context: FlagContext;
  readonly known: string;
  /** Where the caller hears of changes; absent: nowhere. */
  readonly stream?: string;
};

function flagView(key: string, evaluated: Delivered | undefined) {
  if (evaluated === undefined)
    return { key, errorCode: 'FLAG_NOT_FOUND', errorDetails: `there is no flag ${key}` };
  switch (evaluated.outcome) {
    case 'served': {
      const { reason, variant, value } = evaluated;
      return { key, reason, variant, value };
    }
    case 'disabled':
      return { key, reason: 'DISABLED', variant: '' };
    case 'no_targeting_key':
      return { key, errorCode: 'TARGETING_KEY_MISSING', errorDetails: 'a split needs a targetingKey' };
    case 'unusable':
      return { key, errorCode: 'GENERAL', errorDetails: evaluated.why };
    case 'withheld':
      return { key, errorCode: 'GENERAL', errorDetails: 'the flag is sensitive: read it as a machine' };
    default:
      return unreachable(evaluated);
  }
}

function statusOf(evaluated: Delivered | undefined): number {
  if (evaluated === undefined) return 404;
  return evaluated.outcome === 'served' || evaluated.outcome === 'disabled' ? 200 : 400;
}
