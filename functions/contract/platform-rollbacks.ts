import * as z from 'zod/mini';
import { EnvironmentName, Text } from '../domain/fields.ts';
import { ConfigPromotionView } from './config-promotion-view.ts';
import { EMPTY, endpoint } from './endpoint.ts';

/** Taking the platform back to an image tag, by the pipeline that deploys it. */
export const rollBackToImageTag = endpoint({
  tag: 'platform deployments',
  method: 'POST',
  path: '/api/v1/platform/deployments/tag/{imageTag}/rollback',
  operation: 'rollBackToImageTag',
  summary: 'Roll the platform back to an image tag',
  query: EMPTY,
  body: z.strictObject({
    environment: EnvironmentName,
    reason: Text,
    /** `automatic`, the default where nobody has to approve: it executes at once. */
    execution: z.exactOptional(z.enum(['manual', 'automatic'])),
  }),
  /** The promotion. Once it executes, `targetDeploymentId` names a deployment that is PENDING until the pipeline reports on it. */
  response: ConfigPromotionView,
  status: [202],
  errors: [
    'unknown_environment',
    'source_not_deployed',
    'nothing_to_promote',
    'already_open',
    'conflict',
    'invalid_transition',
    'target_moved',
    'locked',
    'idempotency_key_reused',
  ],
  idempotent: true,
});
