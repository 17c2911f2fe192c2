import { parseConstraint } from '../../domain/artifact/constraint.ts';
import { type Consumer, type ConsumerFields, consumer } from '../../domain/artifact/consumer.ts';
import { isArtifactName } from '../../domain/artifact/repository-path.ts';
import { consumerAuthority } from '../../domain/authority/places.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import { isReserved } from '../../domain/ids.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { type Description, inCatalog } from './description.ts';

/** Consumers of artifacts. Who may record deployments in an environment may say what is used there. */
export const consumers: Description<Consumer, ConsumerFields> = {
  type: 'consumer',
  words: 'consumer',
  actions: { read: 'read', write: 'manage_consumers' },
  // An impact analysis looks at all of them.
  limit: 500,
  storage: inCatalog('consumer', (item) => ({ type: 'consumer', item })),
  prefix: 'cons',
  named: ({ id }) => id,
  idOf: ({ id }) => id,
  scope: (before, after) => [before, after].flatMap((one) => (one === undefined ? [] : [one.environment])),
  asked: (_, fields, stored) =>
    fields === undefined || fields.environment === stored?.environment ? [] : [fields.environment],
  make({ environments, fields, ref: { id }, stamp }) {
    if (isReserved(id)) return refuse('reserved_name', `${id} is a reserved name`, { name: id });
    const { artifact, constraint } = fields;
    if (!isArtifactName(artifact)) {
      return wrong('artifact', 'must be lower-case letters and digits, with . _ or - between');
    }
    const parsed = parseConstraint(constraint);
    if ('invalid' in parsed) return wrong('constraint', parsed.invalid);
    const environment = findEnvironment(environments, fields.environment)?.name ?? fields.environment;
    return { ...fields, id, environment, ...stamp };
  },
  beside: () => [],
  authority: consumerAuthority,
  recorded: consumer.recorded,
};

const wrong = (field: string, problem: string): Refusal =>
  refuse('invalid_request', `${field}: ${problem}`, { errors: [{ field, problem }] });
