import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/**
 * The rules of CloudEvents 1.0.2 (its JSON schema) and CDEvents 0.5.0 (its schemas of custom events, services and environments), as
 * facts: members, their types and patterns. https://github.com/cloudevents/spec, https://github.com/cdevents/spec
 */
const text = { type: 'string', minLength: 1 };
const reference = { ...text, format: 'uri-reference' };

const CLOUD_EVENT = {
  type: 'object',
  required: ['id', 'source', 'specversion', 'type', 'data'],
  properties: {
    id: text,
    source: reference,
    specversion: { const: '1.0' },
    type: text,
    datacontenttype: { ...text, pattern: '^[a-z]+/[a-z0-9.+-]+$' },
    dataschema: { ...text, format: 'uri' },
    subject: text,
    time: { ...text, format: 'date-time' },
    data: { type: 'object' },
  },
  // Names of extension attributes are lower-case letters and digits.
  propertyNames: { pattern: '^[a-z0-9]+$' },
};

const cdEventOf = (type: object, content: object) => ({
  type: 'object',
  required: ['context', 'subject'],
  additionalProperties: false,
  properties: {
    context: {
      type: 'object',
      required: ['specversion', 'id', 'source', 'type', 'timestamp'],
      additionalProperties: false,
      properties: {
        specversion: { const: '0.5.0' },
        id: text,
        source: reference,
        type,
        timestamp: { type: 'string', format: 'date-time' },
        schemaUri: { ...text, format: 'uri' },
        chainId: text,
        links: { type: 'array' },
      },
    },
    subject: {
      type: 'object',
      required: ['id', 'content'],
      additionalProperties: false,
      properties: { id: text, source: reference, content },
    },
    customData: { oneOf: [{ type: 'object' }, { type: 'string', contentEncoding: 'base64' }] },
    customDataContentType: { type: 'string' },
  },
});

const CUSTOM = cdEventOf(
  {
    type: 'string',
    pattern: '^dev\\.cdeventsx\\.[a-zA-Z0-9]+-[a-zA-Z]+\\.[a-zA-Z]+\\.[0-9]\\.[0-9]\\.[0-9]$',
  },
  { type: 'object', additionalProperties: true },
);

const SERVICE = cdEventOf(
  { enum: ['deployed', 'upgraded', 'rolledback'].map((verb) => `dev.cdevents.service.${verb}.0.3.0`) },
  {
    type: 'object',
    required: ['environment', 'artifactId'],
    additionalProperties: false,
    properties: {
      environment: {
        type: 'object',
        required: ['id'],
        additionalProperties: false,
        properties: { id: text, source: reference },
      },
      // A package URL: scheme, type, name, version percent-encoded (purl-spec).
      artifactId: { type: 'string', pattern: '^pkg:[a-z][a-z0-9.+-]*/[^@?#]+@[A-Za-z0-9.%_~-]+$' },
    },
  },
);

const ENVIRONMENT = cdEventOf(
  { const: 'dev.cdevents.environment.modified.0.3.0' },
  {
    type: 'object',
    additionalProperties: false,
    properties: { name: { type: 'string' }, url: { type: 'string' } },
  },
);

const ajv = new Ajv2020.default({ allErrors: true });
addFormats.default(ajv);
const cloudEvent = ajv.compile(CLOUD_EVENT);
const rules = [
  { prefix: 'dev.cdeventsx.', validate: ajv.compile(CUSTOM) },
  { prefix: 'dev.cdevents.service.', validate: ajv.compile(SERVICE) },
  { prefix: 'dev.cdevents.environment.', validate: ajv.compile(ENVIRONMENT) },
];

/** What is wrong with an event by those rules: as a CloudEvent, as a CDEvent, and where the two say different things. */
export function wrongWith(event: unknown): readonly string[] {
  const parsed: ReturnType<typeof JSON.parse> = JSON.parse(JSON.stringify(event));
  const outside = failures(cloudEvent, parsed);
  if (outside.length > 0) return outside;
  const rule = rules.find(({ prefix }) => parsed.type.startsWith(prefix));
  if (rule === undefined) return [`${parsed.type} is no type of CDEvents`];
  const inside = failures(rule.validate, parsed.data);
  if (inside.length > 0) return inside;
  const { context, subject } = parsed.data;
  const twice = [
    ['id', parsed.id, context.id],
    ['source', parsed.source, context.source],
    ['type', parsed.type, context.type],
    ['time', parsed.time, context.timestamp],
    ['subject', parsed.subject, subject.id],
  ];
  return twice.flatMap(([name, one, other]) => (one === other ? [] : [`${name} is ${one} and ${other}`]));
}

function failures(validate: ValidateFunction, value: unknown): readonly string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
