import * as z from 'zod/mini';
import { DigestText, Duration, Id } from '../domain/fields.ts';
import { GATE_POLICIES } from '../domain/gates/gate.ts';
import { KINDS } from '../domain/subject.ts';

/** Gates of environments: who judges what, by whose word. */

const mode = z.enum(['block', 'warn']);
const appliesTo = z.array(z.enum(KINDS)).check(z.minLength(1));

/** Who is believed: a subject id, a machine's id, or a signer, `key:sha256:` and the digest of its public key (DER). */
export const Producer = z
  .string()
  .check(
    z.regex(
      /^(?:[A-Za-z0-9._-]{1,128}|key:sha256:[0-9a-f]{64})$/,
      'must be the subject of a producer, or key:sha256: and 64 hex digits',
    ),
  );

/**
 * Who may have signed by certificate: identity and issuer as the certificate has them, and the SHA-256 of the trusted root in its RFC 8785
 * form. A last `*` of the identity stands for any ending.
 */
const CertificateSigner = z.strictObject({
  identity: z
    .string()
    .check(
      z.minLength(3),
      z.maxLength(2048),
      z.regex(/^[^*]+\*?$/, 'may have one *, at its end'),
      z.describe('The identity of the certificate; a last `*` stands for any ending.'),
    ),
  issuer: z.string().check(z.minLength(1), z.maxLength(2048), z.describe('The issuer of the certificate.')),
  trusted_root: DigestText.check(z.describe('The SHA-256 of the trusted root in its RFC 8785 form.')),
});

const SecretRef = z.string().check(z.minLength(1), z.maxLength(512));

/** An https endpoint that judges, and the secret that signs the questions. */
const HttpProvider = z.strictObject({
  type: z.literal('http').check(z.describe('An endpoint that judges.')),
  url: z.string().check(z.minLength(1), z.maxLength(2048), z.describe('Its `https` address.')),
  secret_ref: SecretRef.check(
    z.describe('The name of the secret under `sluice/<tenant>/gate/` that signs the questions.'),
  ),
});

const PublicKey = z
  .string()
  .check(
    z.maxLength(2000),
    z.regex(
      /^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+\n-----END PUBLIC KEY-----\n?$/,
      'must be a public key in PEM',
    ),
  );

/** The registry that content comes from, which the gate `signature` asks for signatures: by keys, or by certificates of `signers`. */
const RegistryProvider = z.strictObject({
  type: z.literal('registry').check(z.describe('The registry that the content comes from.')),
  public_keys: z
    .exactOptional(z.array(PublicKey).check(z.minLength(1), z.maxLength(10)))
    .check(z.describe('Public keys whose signatures count, in PEM.')),
  trusted_root_ref: z
    .exactOptional(SecretRef)
    .check(
      z.describe(
        'The name of a secret under `sluice/<tenant>/registry/` with the trusted root that `signers` name by its digest.',
      ),
    ),
  children: z
    .exactOptional(z.boolean())
    .check(z.describe('Whether each manifest that an index lists must be signed too.')),
});

/** Who is asked instead of waiting for reports. */
const Provider = z.discriminatedUnion('type', [HttpProvider, RegistryProvider]);

/** A gate as an environment asks for it. Absent `mode` takes the gate's default, absent `applies_to` is every kind. */
/** What the members of a gate mean, said and shown alike. */
const GATE = {
  name: z.describe('The name of the gate.'),
  mode: z.describe(
    '`block` stops a promotion that fails it, `warn` only says so; absent: as the gate of that name usually does.',
  ),
  applies_to: z.describe('The kinds that it judges; absent: every kind.'),
  format: z.describe('The format of the reports that count; absent: any.'),
  max_age: z.describe('How old a report may be.'),
  thresholds: z.describe('A condition on the facts of a report.'),
  producers: z.describe(
    'Whose reports count: a subject, the id of a machine, or `key:sha256:` and the digest of a public key; absent: any.',
  ),
  signers: z.describe('Whose certificates may have signed.'),
  provider: z.describe('Who is asked instead of waiting for reports.'),
  timeout_seconds: z.describe('Seconds until an answer or a report is given up; of a provider at most 30.'),
};

export const GateInput = z.strictObject({
  name: Id.check(GATE.name),
  mode: z.exactOptional(mode).check(GATE.mode),
  applies_to: z.exactOptional(appliesTo).check(GATE.applies_to),
  format: z.exactOptional(Id).check(GATE.format),
  max_age: z.exactOptional(Duration).check(GATE.max_age),
  thresholds: z.exactOptional(z.record(z.string(), z.unknown())).check(GATE.thresholds),
  producers: z.exactOptional(z.array(Producer).check(z.maxLength(50))).check(GATE.producers),
  signers: z.exactOptional(z.array(CertificateSigner).check(z.maxLength(50))).check(GATE.signers),
  provider: z.exactOptional(Provider).check(GATE.provider),
  timeout_seconds: z
    .exactOptional(z.int().check(z.minimum(1), z.maximum(86_400)))
    .check(GATE.timeout_seconds),
});
export type GateInput = z.infer<typeof GateInput>;

/** Whether a gate is wanted: `true` in its usual mode, `enforce` blocking, `warn` advising, `off` or `false` not at all. */
const GatePolicy = z.union([z.boolean(), z.enum(GATE_POLICIES)]);

/** A list in order, or the artifact document's map `{tests: true, signature: "warn"}`, whose order is the map's own. */
export const GatesInput = z.union([z.array(GateInput).check(z.maxLength(50)), z.record(Id, GatePolicy)]);
export type GatesInput = z.infer<typeof GatesInput>;

/** A gate as the API shows it. */
export const GateView = z.strictObject({
  name: z.string().check(GATE.name),
  mode: mode.check(GATE.mode),
  applies_to: appliesTo.check(GATE.applies_to),
  format: z.exactOptional(z.string()).check(GATE.format),
  max_age: z.exactOptional(z.string()).check(GATE.max_age),
  thresholds: z.exactOptional(z.record(z.string(), z.unknown())).check(GATE.thresholds),
  producers: z.exactOptional(z.array(z.string())).check(GATE.producers),
  signers: z.exactOptional(z.array(CertificateSigner)).check(GATE.signers),
  provider: z.exactOptional(Provider).check(GATE.provider),
  timeout_seconds: z.exactOptional(z.int()).check(GATE.timeout_seconds),
});
