import * as z from 'zod/mini';
import { LINK_DECISIONS } from '../domain/link/link.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { PromotionView } from './promotion-view.ts';

/** Approval links: what a mail or a message leads to. */

const base = { tag: 'pages', path: '/approvals/{token}', open: true } as const;

export const openApprovalLink = endpoint({
  ...base,
  method: 'GET',
  operation: 'openApprovalLink',
  summary: 'The page of an approval link: what is asked, of whom, until when; reading it changes nothing',
  body: EMPTY,
  // What scanners of mails and trackers add is not ours to refuse.
  query: z.looseObject({ after: z.exactOptional(z.string().check(z.maxLength(2048))) }),
  status: [200],
  page: [403, 404, 410],
  errors: [],
});

export const decideByApprovalLink = endpoint({
  ...base,
  method: 'POST',
  operation: 'decideByApprovalLink',
  summary:
    'Decides by an approval link, once. A page sends a form, with its session and `csrf`; a program JSON, with a bearer token of the approver',
  form: true,
  body: z.looseObject({
    decision: z.enum(LINK_DECISIONS),
    comment: z.exactOptional(z.string().check(z.maxLength(4000))),
    csrf: z.exactOptional(z.string().check(z.maxLength(200))),
  }),
  query: EMPTY,
  response: PromotionView,
  status: [200],
  page: [401, 403, 404, 409, 410, 422],
  errors: [
    'unauthenticated',
    'invalid_request',
    'not_found',
    'not_authorized',
    'separation_of_duties',
    'governor',
    'already_decided',
    'invalid_transition',
    'manifest_changed',
    'comment_required',
    'expired',
    'link_used',
    'link_expired',
    'link_revoked',
    'link_not_yours',
  ],
});
