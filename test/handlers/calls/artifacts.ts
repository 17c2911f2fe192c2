import type { Calls } from './call.ts';

export const artifactCalls: Calls = {
  publishArtifactVersion: { body: { version: 'v2.0.0', reference: 'build-2' }, action: 'record' },
  listArtifactVersions: { action: 'read' },
  resolveArtifactVersion: { query: 'constraint=%5E1.0.0', action: 'read' },
  getArtifactVersion: { action: 'read' },
  getArtifactStatus: { action: 'read' },
  rollBackPromotion: { action: 'roll_back' },
  rollBackArtifact: { body: { environment: 'staging', version: 'v1.0.0' }, action: 'roll_back' },
  retainArtifact: { query: 'dry_run=true', action: 'manage_catalog' },
  setArtifactLifecycle: { body: { deprecated_at: '2026-12-01T00:00:00Z' }, action: 'manage_catalog' },
  createConsumer: {
    body: { name: 'billing', environment: 'development', artifact: 'platform', constraint: '^1.0.0' },
    action: 'manage_consumers',
  },
  listConsumers: { action: 'read' },
  getConsumer: { action: 'read' },
  updateConsumer: {
    body: { name: 'billing', environment: 'development', artifact: 'platform', constraint: '^2.0.0' },
    action: 'manage_consumers',
  },
  patchConsumer: { body: { constraint: '~1.2.0' }, action: 'manage_consumers' },
  deleteConsumer: { action: 'manage_consumers' },
  listAvailableUpdates: { action: 'read' },
  getConfiguration: { action: 'read' },
  putConfiguration: {
    query: 'reason=r',
    body: { artifacts: { promotion: { cross_registry_sync: true } } },
    action: 'manage_catalog',
  },
};
