import * as z from 'zod/mini';
import { TAG } from '../domain/artifact/tags.ts';
import { DigestText, EnvironmentName, Id, Line, Text } from '../domain/fields.ts';
import { KINDS } from '../domain/subject.ts';
import { type CamelOf, camelView } from './camel-view.ts';
import { MOST_COMMITS, Moment, optionalText, Sha, Status } from './deployment-fields.ts';
import { DeploymentCore } from './deployments.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { PAGE } from './fields.ts';

/** The same deployments as the platform's pipelines see them, in camelCase. */

const Commits = z.array(z.strictObject({ sha: Sha, committedAt: Moment })).check(z.maxLength(MOST_COMMITS));

const PLATFORM_MEMBERS = {
  imageTag: optionalText,
  gitCommit: optionalText,
  gitBranch: optionalText,
  acrRegistry: optionalText,
  helmChartVersion: optionalText,
  initiatedBy: z.string(),
  serviceVersions: z.record(z.string(), z.string()),
};
const PlatformView = camelView(DeploymentCore, PLATFORM_MEMBERS);
export interface PlatformView extends CamelOf<typeof DeploymentCore, typeof PLATFORM_MEMBERS> {}

/** A tag of the OCI distribution specification: what was deployed under another name cannot be pulled by it. */
const ImageTag = z
  .string()
  .check(
    z.regex(
      TAG,
      'must be 1 to 128 letters, digits, dots, underscores and hyphens, beginning with a letter, a digit or an underscore',
    ),
  );

const Platform = { tag: 'platform deployments', query: EMPTY } as const;

export const recordPlatformDeployment = endpoint({
  ...Platform,
  method: 'POST',
  path: '/api/v1/platform/deployments',
  operation: 'recordPlatformDeployment',
  summary: 'Record a deployment of the platform; a DEPLOYED one is the environment’s current one',
  body: z.strictObject({
    id: z.exactOptional(Id),
    imageTag: ImageTag,
    gitCommit: z.exactOptional(Line),
    gitBranch: z.exactOptional(Line),
    environment: EnvironmentName,
    status: z.exactOptional(Status),
    deployedAt: z.exactOptional(Moment),
    completedAt: z.exactOptional(Moment),
    liveAt: z.exactOptional(Moment),
    acrRegistry: z.exactOptional(Line),
    helmChartVersion: z.exactOptional(Line),
    initiatedBy: z.exactOptional(Line),
    serviceVersions: z.exactOptional(z.record(Line, Line)),
    notes: z.exactOptional(Text),
    commits: z.exactOptional(Commits),
    unplanned: z.exactOptional(z.boolean()),
    contentDigest: z.exactOptional(DigestText),
  }),
  response: PlatformView,
  status: [201],
  errors: ['unknown_environment', 'protected', 'conflict', 'reserved_name', 'idempotency_key_reused'],
  idempotent: true,
});

export const reportPlatformDeployment = endpoint({
  ...Platform,
  method: 'PATCH',
  path: '/api/v1/platform/deployments/{id}',
  operation: 'reportPlatformDeployment',
  summary: 'Report the outcome of a deployment: a gateway’s own machine for what a promotion deploys',
  body: z.strictObject({
    status: Status,
    completedAt: z.exactOptional(Moment),
    liveAt: z.exactOptional(Moment),
    notes: z.exactOptional(Text),
  }),
  response: PlatformView,
  status: [200],
  errors: ['invalid_transition', 'protected', 'conflict', 'unknown_environment'],
});

export const getPlatformDeployment = endpoint({
  ...Platform,
  method: 'GET',
  path: '/api/v1/platform/deployments/{id}',
  operation: 'getPlatformDeployment',
  summary: 'One deployment',
  body: EMPTY,
  response: PlatformView,
  status: [200],
  errors: [],
});

export const getCurrentDeployment = endpoint({
  ...Platform,
  method: 'GET',
  path: '/api/v1/platform/deployments/current',
  operation: 'getCurrentDeployment',
  summary: 'The platform’s active deployment in an environment',
  body: EMPTY,
  query: z.strictObject({ environment: EnvironmentName }),
  response: PlatformView,
  status: [200],
  errors: ['unknown_environment'],
});

export const getDeploymentHistory = endpoint({
  ...Platform,
  method: 'GET',
  path: '/api/v1/platform/deployments/history',
  operation: 'getDeploymentHistory',
  summary: 'List an environment’s deployments of artifacts, or of a kind',
  body: EMPTY,
  query: z.strictObject({
    ...PAGE,
    environment: EnvironmentName,
    kind: z.exactOptional(z.enum([...KINDS, 'all'])),
    agentId: z.exactOptional(Id),
  }),
  response: z.array(PlatformView),
  status: [200],
  errors: ['unknown_environment'],
});

export const listDeploymentsOfTag = endpoint({
  ...Platform,
  method: 'GET',
  path: '/api/v1/platform/deployments/tag/{imageTag}',
  operation: 'listDeploymentsOfTag',
  summary: 'List the platform’s deployments of an image tag',
  body: EMPTY,
  query: z.strictObject(PAGE),
  response: z.array(PlatformView),
  status: [200],
  errors: [],
});

export const getTagExists = endpoint({
  ...Platform,
  method: 'GET',
  path: '/api/v1/platform/deployments/tag/{imageTag}/exists',
  operation: 'getTagExists',
  summary: 'Check whether an image tag was ever deployed',
  body: EMPTY,
  response: z.strictObject({ imageTag: z.string(), exists: z.boolean() }),
  status: [200],
  errors: [],
});

export const listDeploymentsOfBranch = endpoint({
  ...Platform,
  method: 'GET',
  path: '/api/v1/platform/deployments/branch/{gitBranch+}',
  operation: 'listDeploymentsOfBranch',
  summary: 'List the platform’s deployments from a Git branch',
  body: EMPTY,
  query: z.strictObject(PAGE),
  response: z.array(PlatformView),
  status: [200],
  errors: [],
});
