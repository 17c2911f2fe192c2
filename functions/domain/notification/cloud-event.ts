import type { Json } from '../jcs.ts';

type Members = { readonly [name: string]: Json };

/** A CDEvent (CDEvents 0.5.0): what happened in its context, to whom in its subject. `customData` is ours alone. */
export type CdEvent = {
  readonly context: {
    readonly specversion: typeof CDEVENTS;
    readonly id: string;
    readonly source: string;
    readonly type: string;
    readonly timestamp: string;
  };
  readonly subject: { readonly id: string; readonly source: string; readonly content: Members };
  readonly customData: Members & { readonly tenant: string };
  readonly customDataContentType: 'application/json';
};

/** A CloudEvents 1.0 event that carries a CDEvent whole, as the CloudEvents binding of CDEvents asks. */
export type CloudEvent = {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/cdevents+json';
  readonly data: CdEvent;
};

/** The version of CDEvents whose types and members these are. */
const CDEVENTS = '0.5.0';

/** Types of CDEvents, with the versions that 0.5.0 gives them. */
export const DEPLOYED = 'dev.cdevents.service.deployed.0.3.0';
export const UPGRADED = 'dev.cdevents.service.upgraded.0.3.0';
export const ROLLED_BACK = 'dev.cdevents.service.rolledback.0.3.0';
export const ENVIRONMENT_MODIFIED = 'dev.cdevents.environment.modified.0.3.0';

/** What an event says before it is put into form. `subject` is unique within the tenant; `content` is what the type prescribes. */
export type Saying = {
  readonly tenant: string;
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly subject: string;
  readonly content: Members;
  /** What Sluice's own functions look things up by, beside the tenant. */
  readonly custom: Members;
};

/** Puts an event into form; equal sayings give equal events. */
export function cloudEvent({ tenant, id, type, at, subject, content, custom }: Saying): CloudEvent {
  const source = `/sluice/${tenant}`;
  return {
    specversion: '1.0',
    id,
    source,
    type,
    subject,
    time: at,
    datacontenttype: 'application/cdevents+json',
    data: {
      context: { specversion: CDEVENTS, id, source, type, timestamp: at },
      subject: { id: subject, source, content },
      customData: { tenant, ...custom },
      customDataContentType: 'application/json',
    },
  };
}
