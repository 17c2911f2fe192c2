import { change, environment, type Forged, POLICY } from './forge.ts';
import { eventIn, eventsIn, type Item } from './record.ts';

/** Rows on the promotion itself. */
export const FORGED_PROMOTIONS: Forged = [
  ['J0', /J0 event 3 withholds the guard/, (items) => delete eventIn(items, 'ApprovalGranted').guard],
  [
    'J1',
    /J1 development is not the environment before/,
    (items) => {
      eventsIn(items)[0].event.source_environment = 'development';
    },
  ],
  [
    'J3 lock',
    /J3 production was locked/,
    (items) =>
      change(items, 'environment', 'production', { after: { ...environment(items), lock: { reason: 'x' } } }),
  ],
  [
    'J3 lock on everything',
    /J3 production was locked/,
    (items) => change(items, 'environment', '*', { after: { reason: 'x' } }, { action: 'lock' }),
  ],
  [
    'J3 freeze',
    /J3 production was frozen by frz-1/,
    (items) =>
      change(items, 'freeze', 'frz-1', {
        after: {
          id: 'frz-1',
          environment: '*',
          mode: 'deny',
          starts_at: '2026-11-20T00:00:00.000Z',
          ends_at: '2026-11-22T00:00:00.000Z',
        },
      }),
  ],
  ['J4', /J4 required_approvers 2 -> 1/, (items) => change(items, 'policy', 'pol-1', { after: POLICY })],
  [
    'J5',
    /J5 gate tests was not asked/,
    (items) =>
      change(items, 'environment', 'production', {
        after: {
          ...environment(items),
          gates: [
            ...environment(items).gates.filter((one: Item) => one.name !== 'tests'),
            { name: 'tests', mode: 'block', applies_to: ['agent'] },
          ],
        },
      }),
  ],
  [
    'J6',
    /J6 it was decided pending/,
    (items) => {
      eventIn(items, 'ExecutionStarted').event.decision.outcome = 'pending';
    },
  ],
  [
    'J6 manifest',
    /J6 it was decided on another manifest/,
    (items) => {
      eventIn(items, 'ExecutionStarted').event.decision.manifest_digest = 'sha256:0';
    },
  ],
];
