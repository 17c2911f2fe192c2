import type { Content } from '../deployment/observation.ts';
import { oneLine } from '../one-line.ts';
import type { Kind } from '../subject.ts';
import type { Channel } from './channel.ts';
import { type CloudEvent, cloudEvent } from './cloud-event.ts';
import { includes } from './filter.ts';
import { mailLook, mailRows } from './mail-look.ts';
import type { PlainMail } from './plain-mail.ts';

/** What is told of a change that went past Sluice. */
export type DriftNotice = {
  /** The same however often it is told. */
  readonly id: string;
  readonly tenant: string;
  readonly environment: string;
  readonly kind: Kind;
  readonly name: string;
  readonly gateway?: string | undefined;
  readonly observed: Content;
  /** What is recorded in the same terms; `null` where nothing is. */
  readonly recorded: string | null;
  /** When it was first seen, and by whom. */
  readonly at: string;
  readonly by: string;
};

/** What a filter names such a notice by. */
export const DRIFT_DETECTED = 'driftdetected';
/** Somebody should look, though nothing is known to be broken. */
export const DRIFT_SEVERITY = 'warning';
export const DRIFTED = 'dev.cdeventsx.sluice-environment.drifted.0.1.0';

/** Whether a channel is told: not of what happened before it listened or while it was muted. */
export function hearsDrift(channel: Channel, { at, environment }: DriftNotice): boolean {
  const { filter, status, since, muted_until } = channel;
  if (status !== 'active' || at < since || (muted_until !== undefined && at < muted_until)) return false;
  return (
    includes(filter.events, DRIFT_DETECTED) &&
    includes(filter.environments, environment) &&
    includes(filter.severities, DRIFT_SEVERITY)
  );
}

/** The event on the bus and to webhooks; said again, it is the same to the byte. */
export function driftEvent(notice: DriftNotice): CloudEvent {
  const { id, tenant, environment, kind, name, gateway, observed, recorded, at, by } = notice;
  const where = gateway === undefined ? {} : { gateway };
  return cloudEvent({
    tenant,
    id,
    type: DRIFTED,
    at,
    subject: environment,
    content: { name: environment, subject: { kind, name, ...where }, observed: { ...observed }, recorded },
    custom: { id, environment, kind, name, ...where, observed: { ...observed }, recorded, at, by },
  });
}

const WORDS = { digest: 'digest', image_tag: 'image tag', root: 'root' } as const;

/** One line that says what was seen where. */
export function driftTitle({ environment, kind, name, observed: { as, value } }: DriftNotice): string {
  return oneLine(`${environment}: ${kind} ${name} runs the ${WORDS[as]} ${value}, which is not recorded`);
}

/** What is known of it, by name. */
export function driftFacts(notice: DriftNotice): readonly (readonly [string, string])[] {
  const { environment, kind, name, gateway, observed, recorded, at, by } = notice;
  return [
    ['Environment', environment],
    ['Subject', `${kind} ${name}`],
    ...(gateway === undefined ? [] : [['Gateway', gateway] as const]),
    ['Observed', observed.value],
    ['Recorded', recorded ?? 'nothing'],
    ['Observed by', by],
    ['At', at],
  ];
}

/** A mail that tells of it, its texts escaped. */
export function driftMail(notice: DriftNotice): PlainMail {
  const title = driftTitle(notice);
  const facts = driftFacts(notice);
  return {
    subject: title,
    text: `${title}\n\n${facts.map(([name, value]) => `${name}: ${oneLine(value)}`).join('\n')}\n`,
    html: mailLook({
      title,
      lead: 'Somebody changed it without Sluice. Record the deployment, or roll it back.',
      body: mailRows(facts),
      small: 'A notification channel of your tenant tells you of this.',
    }).toString(),
  };
}
