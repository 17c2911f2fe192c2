import { Command } from 'commander';
import * as z from 'zod/mini';
import { recordAgentDeployment } from '../../functions/contract/deployments.ts';
import { defined } from '../defined.ts';
import type { Bind } from '../verb.ts';

const Deployment = z.object({
  id: z.string(),
  agent_id: z.nullable(z.string()),
  gateway_id: z.nullable(z.string()),
  environment: z.string(),
  version: z.nullable(z.string()),
  status: z.string(),
  content_digest: z.string(),
});

/** `sluice record`: a deployment of an agent that happened outside Sluice. */
export const record = (bind: Bind): Command =>
  bind(
    new Command('record')
      .description('record a deployment of an agent that happened outside Sluice')
      .requiredOption('--agent <id>', 'the agent')
      .requiredOption('--env <environment>', 'where it runs')
      .option('--gateway <id>', 'the gateway on which it runs')
      .option('--version <version>', 'its version, for people')
      .option('--id <id>', 'an id for the deployment'),
    {
      given: z.object({
        agent: z.string(),
        env: z.string(),
        gateway: z.optional(z.string()),
        version: z.optional(z.string()),
        id: z.optional(z.string()),
      }),
      tryable: true,
      answer: z.object({ deployment: Deployment }),
      examples: ['sluice record --agent agent-123 --env staging --gateway gw-staging'],
      async run({ agent, env, gateway, ...rest }, session) {
        const body = { agent_id: agent, environment: env, ...defined({ ...rest, gateway_id: gateway }) };
        const deployment = await (await session.client()).call(recordAgentDeployment, Deployment, { body });
        return {
          data: { deployment },
          table: {
            columns: ['ID', 'Agent', 'Environment', 'Gateway', 'Status'],
            rows: [
              [deployment.id, agent, deployment.environment, deployment.gateway_id ?? '–', deployment.status],
            ],
          },
        };
      },
    },
  );
