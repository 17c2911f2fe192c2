import type * as z from 'zod/mini';
import type { recordAgentDeployment } from '../../contract/deployments.ts';
import type { recordPlatformDeployment } from '../../contract/platform-deployments.ts';
import { isDigest } from '../../domain/digest.ts';
import type { DeploymentReport } from '../../use-cases/deployments/request.ts';

/** The artifact that the platform's pipelines deploy. */
export const PLATFORM = { kind: 'artifact', name: 'platform' } as const;

/** An agent's deployment as reported; DEPLOYED unless it says otherwise. */
export function agentReport(body: z.infer<typeof recordAgentDeployment.body>): DeploymentReport {
  const { agent_id, version, content_digest, notes, commits, unplanned, status = 'DEPLOYED', ...same } = body;
  return {
    ...same,
    ...digestOf(content_digest),
    ...(version === undefined ? {} : { version_label: version }),
    subject: { kind: 'agent', name: agent_id },
    status,
    details: {
      ...(notes === undefined ? {} : { notes }),
      ...(commits === undefined ? {} : { commits }),
      ...(unplanned === undefined ? {} : { unplanned }),
    },
  };
}

/** A platform's deployment as reported: its image tag is its version. */
export function platformReport(body: z.infer<typeof recordPlatformDeployment.body>): DeploymentReport {
  const { id, imageTag, environment, status = 'DEPLOYED', contentDigest, ...rest } = body;
  const { deployedAt, completedAt, liveAt, commits, ...details } = rest;
  const shipped = commits?.map(({ sha, committedAt }) => ({ sha, committed_at: committedAt }));
  return {
    ...(id === undefined ? {} : { id }),
    ...digestOf(contentDigest),
    ...(deployedAt === undefined ? {} : { deployed_at: deployedAt }),
    ...(completedAt === undefined ? {} : { completed_at: completedAt }),
    ...(liveAt === undefined ? {} : { live_at: liveAt }),
    subject: PLATFORM,
    environment,
    version_label: imageTag,
    status,
    details: { ...details, ...(shipped === undefined ? {} : { commits: shipped }) },
  };
}

function digestOf(text: string | undefined): Pick<DeploymentReport, 'digest'> {
  return text !== undefined && isDigest(text) ? { digest: text } : {};
}
