import * as z from 'zod/mini';
import { STANDINGS } from '../domain/deployment/observation.ts';
import { DigestText, Id, Instant, Line } from '../domain/fields.ts';
import { KINDS } from '../domain/subject.ts';
import { Moment, optionalText } from './deployment-fields.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { PAGE, QueryFlag } from './fields.ts';

/** What runs, as machines see it, and how far environments are apart. */

/** What names the content that runs: exactly one of the three. */
const Seen = {
  digest: z.exactOptional(DigestText),
  image_tag: z.exactOptional(Line),
  /** Of configuration: the root of what is served. */
  root: z.exactOptional(DigestText),
};

const OutOfBand = z.strictObject({ recorded: optionalText, since: Instant });

export const ObservationView = z.strictObject({
  environment: z.string(),
  kind: z.enum(KINDS),
  name: z.string(),
  gateway_id: optionalText,
  digest: optionalText,
  image_tag: optionalText,
  root: optionalText,
  observed_at: Instant,
  /** Since when the same is observed. */
  changed_at: Instant,
  observed_by: z.string(),
  /** What is recorded instead, and since when that differs; `null`: it is as recorded, or cannot be judged. */
  out_of_band: z.nullable(OutOfBand),
});
export type ObservationView = z.infer<typeof ObservationView>;

export const putObservation = endpoint({
  method: 'PUT',
  path: '/api/v1/observations/{environment}/{kind}/{name}',
  operation: 'putObservation',
  summary: 'Report what runs in an environment',
  tag: 'drift',
  query: EMPTY,
  body: z
    .strictObject({ ...Seen, gateway_id: z.exactOptional(Id), observed_at: Moment })
    .check(
      z.refine(
        ({ digest, image_tag, root }) =>
          [digest, image_tag, root].filter((one) => one !== undefined).length === 1,
        'needs exactly one of digest, image_tag and root',
      ),
    ),
  response: ObservationView,
  status: [200],
  errors: ['unknown_environment', 'conflict'],
});

const RunningView = z.strictObject({
  environment: z.string(),
  gatewayId: optionalText,
  /** What is recorded; `null` where something was observed that nobody recorded. */
  version: optionalText,
  digest: z.nullable(DigestText),
  since: z.nullable(Instant),
  /** How far it is behind the environment before; `null`: level. Numbers are `null` where they cannot be told. */
  behind: z.nullable(z.strictObject({ versions: z.nullable(z.int()), days: z.nullable(z.int()) })),
  standing: z.enum(STANDINGS),
  observed: z.nullable(
    z.strictObject({
      digest: optionalText,
      imageTag: optionalText,
      root: optionalText,
      observedAt: Instant,
      changedAt: Instant,
      observedBy: z.string(),
    }),
  ),
});

const SubjectDriftView = z.strictObject({
  kind: z.enum(KINDS),
  name: z.string(),
  environments: z.array(RunningView),
  /** Versions that stand for more than one digest. */
  sameVersionOtherDigest: z.array(
    z.strictObject({
      version: z.string(),
      digests: z.array(z.strictObject({ environment: z.string(), digest: DigestText })),
    }),
  ),
});
export type SubjectDriftView = z.infer<typeof SubjectDriftView>;

export const getDrift = endpoint({
  method: 'GET',
  path: '/api/v1/platform/deployments/drift',
  operation: 'getDrift',
  summary: 'Compare what environments run with each other and the record',
  tag: 'drift',
  body: EMPTY,
  query: z.strictObject({
    ...PAGE,
    kind: z.exactOptional(z.enum(KINDS)),
    /** `true` leaves out subjects that are level and as recorded. */
    drifting: z.exactOptional(QueryFlag),
  }),
  response: z.strictObject({
    asOf: Instant,
    items: z.array(SubjectDriftView),
    nextCursor: z.nullable(z.string()),
  }),
  status: [200],
  errors: [],
});
