import { change, environment, type Forged, forward, later, member, POLICY, second } from './forge.ts';
import { eventIn, eventsIn } from './record.ts';

/** Rows on who decided, on changes, and on what is kept of it. */
export const FORGED_PEOPLE: Forged = [
  [
    'J7 none',
    /J7 0 of 1 approvals count/,
    (items) => {
      items.splice(
        items.findIndex((item) => item.event?.event.type === 'ApprovalGranted'),
        1,
      );
    },
  ],
  [
    'J7 voided',
    /J7 0 of 1 approvals count/,
    (items) => {
      eventIn(items, 'PromotionApproved').event = { type: 'ApprovalsVoided', reason_code: 'x' };
    },
  ],
  [
    'J7 own',
    /dev asked for it/,
    (items) => {
      eventIn(items, 'ApprovalGranted').event.approval.actor = eventsIn(items)[0].actor;
      member(items, 'dev').grants.push({ role: 'approver' });
    },
  ],
  [
    'J7 alias',
    /alice asked for it/,
    (items) => {
      member(items, 'alice').email = 'DEV+2@acme.com.';
    },
  ],
  [
    'J7 no role',
    /viewer had no role to approve/,
    (items) => {
      eventIn(items, 'ApprovalGranted').event.approval.actor = {
        subject: 'viewer',
        email: '',
        kind: 'person',
      };
    },
  ],
  [
    'J7 gone',
    /alice had no role to approve in production at the execution/,
    (items) => {
      later(items);
      change(items, 'member', 'alice', { before: member(items, 'alice') }, { guards: { production: 2 } });
    },
  ],
  [
    'J7 weakened',
    /alice weakened it: .*protected/,
    (items) => {
      later(items);
      change(
        items,
        'environment',
        'production',
        {
          before: environment(items),
          after: { ...environment(items), protected: false, rollback: { requires_approval: true } },
        },
        { guards: { production: 2 }, actor: eventIn(items, 'ApprovalGranted').actor },
      );
      change(
        items,
        'policy',
        'pol-1',
        { after: { ...POLICY, required_approvers: 1 } },
        { guards: { production: 2 } },
      );
    },
  ],
  [
    'J7 redirect',
    /approved before where gateway gw-production goes was changed/,
    (items) => {
      later(items);
      change(
        items,
        'gateway',
        'gw-production',
        {
          before: { id: 'gw-production', environment: 'production', driver: 'record' },
          after: { id: 'gw-production', environment: 'production', driver: 'http' },
        },
        { guards: { production: 2 } },
      );
    },
  ],
  [
    'J7 group',
    /J7 0 of 1 approvals of the group security/,
    (items) =>
      change(items, 'policy', 'pol-1', {
        after: { ...POLICY, required_approvers: 0, groups: [{ group: 'security', min: 1 }] },
      }),
  ],
  [
    'J8',
    /J8 it executed by itself after change/,
    (items) => {
      later(items);
      eventIn(items, 'ExecutionRequested').event.cause = 'schedule';
      change(items, 'policy', 'pol-1', { before: POLICY }, { guards: { production: 2 } });
      items.unshift({
        chain: 'changes',
        change: { ...items.at(-1).change, seq: 3.5, values: { after: POLICY }, guards: { production: 1 } },
      });
    },
  ],
  [
    'J9',
    /J9 viewer had no role to execute/,
    (items) => {
      eventIn(items, 'ExecutionRequested').actor = { subject: 'viewer', email: '', kind: 'person' };
    },
  ],
  [
    'J11',
    /J11 one person alone/,
    (items) => {
      change(items, 'policy', 'pol-1', {
        after: { ...POLICY, required_approvers: 1, separation_of_duties: { requester: false } },
      });
      member(items, 'alice').email = 'dev@acme.com';
    },
  ],
  [
    'J12',
    /J12 admin alone changed .*protected/,
    (items) => {
      change(
        items,
        'member',
        'root',
        { after: { ...member(items, 'admin'), ...second } },
        { actor: { kind: 'system', subject: 'sluice', email: '' }, guards: {} },
      );
      change(
        items,
        'environment',
        'production',
        { before: environment(items), after: { ...environment(items), protected: false } },
        { guards: { production: 9 } },
      );
    },
  ],
  [
    'J12 one person',
    /J12 admin and root, who confirmed/,
    (items) =>
      change(
        items,
        'environment',
        'production',
        { before: environment(items), after: { ...environment(items), protected: false } },
        { guards: { production: 9 }, confirmed_by: { ...second, email: 'Admin@acme.com' } },
      ),
  ],
  [
    'J13',
    /J13 required_approvers 4 -> 1 in production/,
    (items) => {
      const of = (required_approvers: number) => ({ ...POLICY, required_approvers });
      const guards = { production: 9 };
      change(items, 'policy', 'pol-1', { after: of(5) }, { guards });
      change(items, 'policy', 'pol-2', { after: { ...of(4), id: 'pol-2' } }, { guards });
      change(
        items,
        'pending_change',
        'pend-1',
        {
          after: {
            id: 'pend-1',
            action: 'delete',
            target: { type: 'policy', id: 'pol-1' },
            values: { before: of(5) },
          },
        },
        { action: 'create', guards },
      );
      change(
        items,
        'policy',
        'pol-2',
        { before: { ...of(4), id: 'pol-2' }, after: { ...of(1), id: 'pol-2' } },
        { guards },
      );
      change(
        items,
        'policy',
        'pol-1',
        { before: of(5) },
        { guards, confirms: 'pend-1', confirmed_by: second },
      );
    },
  ],
  [
    'J14',
    /J14 viewer had no role for PromotionRequested/,
    (items) => {
      eventsIn(items)[0].actor = { subject: 'viewer', email: '', kind: 'person' };
    },
  ],
  [
    'J15',
    /J15 prom-0002 was open for the same manifest/,
    (items) => {
      const [asked, assessed] = eventsIn(items);
      items.push(
        ...[{ ...asked, event: { ...asked.event, id: 'prom-0002' } }, assessed].map((event) => ({
          chain: 'promotion/prom-0002',
          event: { ...event, at: '2026-11-21T08:59:00.000Z' },
        })),
      );
    },
  ],
  [
    'J15 missed',
    /J15 it failed as missed/,
    (items) => {
      eventIn(items, 'ExecutionRequested').event = {
        type: 'PromotionScheduled',
        at: '2026-11-21T10:00:00.000Z',
        on_missed: 'fail',
      };
      eventIn(items, 'PromotionCompleted').event = { type: 'PromotionFailed', code: 'schedule_missed' };
    },
  ],
  [
    'J16',
    /J16 its execution was asked for/,
    (items) => {
      items.splice(
        0,
        items.length,
        ...items.filter(
          (item) => !['ExecutionStarted', 'PromotionCompleted'].includes(item.event?.event.type),
        ),
        { checkpoint: { as_of: '2026-11-21T09:30:00.000Z', chains: [] }, signature: {} },
      );
    },
  ],
  [
    'J2',
    /J7 0 of 1 approvals count/,
    (items) => {
      forward(items);
      change(items, 'environment', 'production', {
        after: { ...environment(items), rollback: { requires_approval: false } },
      });
      items.splice(
        items.findIndex((item) => item.event?.event.type === 'ApprovalGranted'),
        1,
      );
    },
  ],
];
