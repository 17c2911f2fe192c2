import type { Calls } from './call.ts';

/** Pages, which know people by their sessions or by what their address says. */
export const pageCalls: Calls = {
  signIn: { query: 'return=/approvals/token', action: 'none' },
  finishSignIn: { query: 'code=code&state=state', action: 'none' },
  getSignInClient: { action: 'none' },
  openApprovalLink: { action: 'none' },
  decideByApprovalLink: { body: { decision: 'approve', comment: 'fine' }, action: 'none' },
  openDashboard: { action: 'none' },
  openDashboardPage: { action: 'none' },
  getPageSession: { action: 'none' },
  signOut: { body: { csrf: 'csrf' }, action: 'none' },
};
