import { signal } from '@preact/signals';
import { spokenInstant } from '../../functions/domain/instant.ts';
import { ago, span } from '../words/time.ts';

/** The time as pages see it; it moves twice a minute. */
export const now = signal(Date.now());
setInterval(() => {
  now.value = Date.now();
}, 30_000);

/** An instant: relative, with the absolute one when asked. `bare` leaves `ago` away. */
export const Time = ({ at, bare = false }: { readonly at: string; readonly bare?: boolean }) => (
  <time dateTime={at} title={spokenInstant(at)}>
    {bare ? span(now.value - Date.parse(at)) : ago(at, now.value)}
  </time>
);

/** A deadline or a plan: absolute first. */
export const Moment = ({ at }: { readonly at: string }) => (
  <time dateTime={at} title={ago(at, now.value)}>
    {spokenInstant(at)}
  </time>
);
