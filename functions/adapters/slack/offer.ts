import * as z from 'zod/mini';
import { type Digest, isDigest } from '../../domain/digest.ts';
import { isId } from '../../domain/ids.ts';
import type { SlackOffer } from '../../domain/slack/click.ts';

const id = z.string().check(z.refine(isId));
const Offer = z.strictObject({
  v: z.literal(1),
  t: id,
  c: id,
  p: id,
  r: z.exactOptional(z.string().check(z.maxLength(40))),
  m: z.custom<Digest>((value) => typeof value === 'string' && isDigest(value)),
});

/** An offer as a button's value: at most 560 characters, since ids have 128 at most. */
export function offerText({
  tenant,
  channel,
  promotion,
  manifest_digest,
  resubmitted_at,
}: SlackOffer): string {
  return JSON.stringify({ v: 1, t: tenant, c: channel, p: promotion, m: manifest_digest, r: resubmitted_at });
}

/** The offer of a button's value; `undefined` when it is none. Whether it is ours is for the signature to say. */
export function offerOf(text: unknown): SlackOffer | undefined {
  const parsed = z.safeParse(Offer, jsonOf(text));
  if (!parsed.success) return undefined;
  const { t, c, p, m, r } = parsed.data;
  return {
    ...{ tenant: t, channel: c, promotion: p, manifest_digest: m },
    ...(r === undefined ? {} : { resubmitted_at: r }),
  };
}

/** What a text says in JSON; `undefined` for what is none. */
export function jsonOf(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
