import { VERBS } from '../../functions/domain/notification/verb.ts';

/** What is told, as people say it: `ApprovalGranted` is `approval granted`. */
const WORDS: { readonly [name: string]: string } = {
  ...Object.fromEntries(
    Object.entries(VERBS).map(([type, verb]) => [
      verb,
      type
        .replace(/^Promotion/, '')
        .replace(/\B[A-Z]/g, ' $&')
        .toLowerCase(),
    ]),
  ),
  approvalrequested: 'approval requested',
  driftdetected: 'drift detected',
};

/** What a channel is told of, as people say it. */
export const noticeInWords = (name: string): string => WORDS[name] ?? name;
