import * as general from '../../functions/adapters/dynamodb/keys.ts';
import * as alias from '../../functions/adapters/dynamodb/keys-alias.ts';
import * as artifact from '../../functions/adapters/dynamodb/keys-artifact.ts';
import * as deployment from '../../functions/adapters/dynamodb/keys-deployment.ts';
import * as flag from '../../functions/adapters/dynamodb/keys-flag.ts';
import * as log from '../../functions/adapters/dynamodb/keys-log.ts';
import * as notification from '../../functions/adapters/dynamodb/keys-notification.ts';
import * as promotion from '../../functions/adapters/dynamodb/keys-promotion.ts';
import * as slack from '../../functions/adapters/dynamodb/keys-slack.ts';

export * as secretKeys from '../../functions/adapters/dynamodb/keys-secret.ts';

/** Every builder of keys but those of what a secret opens. */
export const keys = {
  ...general,
  ...alias,
  ...artifact,
  ...deployment,
  ...flag,
  ...log,
  ...notification,
  ...promotion,
  ...slack,
};
