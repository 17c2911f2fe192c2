import type { Calls } from './call.ts';

export const deploymentsCalls: Calls = {
  recordAgentDeployment: { body: { agent_id: 'agent-9', environment: 'development' }, action: 'record' },
  listAgentDeployments: { query: 'agent_id=agent-123', action: 'read' },
  getAgentDeployment: { action: 'read' },
  putDeploymentMetrics: { body: { tests: { pass_rate: 100 } }, action: 'report_metrics' },
  getAutoPromotion: { action: 'read' },
  recordPlatformDeployment: { body: { imageTag: 'v1', environment: 'dev' }, action: 'record' },
  reportPlatformDeployment: { body: { status: 'DEPLOYED' }, action: 'record' },
  getPlatformDeployment: { action: 'read' },
  getCurrentDeployment: { query: 'environment=staging', action: 'read' },
  getDeploymentMetrics: { action: 'read' },
  scrapeMetrics: { action: 'none' },
  listDeploymentsOfTag: { action: 'read' },
  rollBackToImageTag: { body: { environment: 'staging', reason: 'errors rise' }, action: 'roll_back' },
  getTagExists: { action: 'read' },
  listDeploymentsOfBranch: { action: 'read' },
  putObservation: { body: { image_tag: 'v1', observed_at: '2026-11-21T09:00:00Z' }, action: 'observe' },
  getDrift: { action: 'read' },
  getDeploymentHistory: { query: 'environment=staging', action: 'read' },
};
