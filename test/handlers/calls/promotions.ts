import { digestOfBytes } from '../../../functions/domain/digest.ts';
import { ABSENT, passedTests, reason } from './bodies.ts';
import type { Calls } from './call.ts';

export const promotionsCalls: Calls = {
  createPromotion: {
    body: {
      agent_id: 'agent-new',
      source_deployment_id: 'dep-new',
      target_gateway_id: 'gw-789',
      target_environment: 'production',
    },
    action: 'request',
  },
  listPromotions: { action: 'read' },
  getOverview: { action: 'read' },
  getPromotion: { action: 'read' },
  validatePromotion: { action: 'validate' },
  approvePromotion: { action: 'approve' },
  rejectPromotion: { body: reason, action: 'reject' },
  requestChanges: { body: reason, action: 'request_changes' },
  resubmitPromotion: { action: 'resubmit' },
  executePromotion: { action: 'execute' },
  schedulePromotion: { body: { at: '2026-11-22T09:00:00Z' }, action: 'schedule' },
  unschedulePromotion: { action: 'schedule' },
  cancelPromotion: { action: 'cancel' },
  retryPromotion: { action: 'retry' },
  getDecision: { action: 'read' },
  replayDecision: { action: 'read' },
  getManifest: { action: 'read' },
  getChanges: { action: 'read' },
  getImpact: { action: 'read' },
  getTimeline: { action: 'read' },
  provePromotion: { action: 'read' },
  getApprovals: { action: 'read' },
  getEvidence: { action: 'read' },
  attachEvidence: { body: passedTests, action: 'attach_evidence' },
  collectSignatures: {
    body: { artifact: 'platform', version: 'v1.0.0', public_key: 'x' },
    action: 'attach_evidence',
  },
  submitEvidence: { body: { ...passedTests, subject_digest: ABSENT }, action: 'attach_evidence' },
  listEvidence: { query: `subject_digest=${ABSENT}`, action: 'read' },
  getEvidenceDocument: { query: `digest=${digestOfBytes('{"passed":true}')}`, action: 'read' },
};
