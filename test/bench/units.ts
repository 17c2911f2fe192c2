import { actorOf } from '../../functions/domain/identity/principal.ts';
import { isRefusal, type Refusal } from '../../functions/domain/refusal.ts';
import type { DeployOutcome } from '../../functions/ports/gateway-driver.ts';
import type { Deps } from '../../functions/use-cases/deps.ts';
import { approvePromotion } from '../../functions/use-cases/promotions/approve.ts';
import { recordOutcome } from '../../functions/use-cases/promotions/complete.ts';
import { createPromotion } from '../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../functions/use-cases/promotions/execute.ts';
import { type Spent as Everything, everythingCosts } from '../handlers/everything-costs.ts';
import { createWorld, REQUEST } from '../statemachines/support/world.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { type Meter, meter, reset } from '../support/metered.ts';
import { ALICE, DEV, GATEWAY } from '../use-cases/promotions/people.ts';
import { printTable } from './print.ts';

/** How the target's gateway takes a deployment. */
const GATEWAYS: { readonly [name: string]: DeployOutcome | undefined } = {
  record: undefined,
  'http, live at once': { outcome: 'live' },
  'http, reporting later': { outcome: 'accepted' },
};

type Row = [step: string, write: number, read: number, calls: number];
type Spent = readonly [call: string, units: number];

/**
 * What one approved promotion costs, counted on the real table by what the engine reports: write units (1 KB), read units
 * (4 KB, strongly consistent), both with indexes; function invocations; transitions of the real definition.
 */
export async function benchUnits(): Promise<void> {
  const engine = await startEngine();
  try {
    for (const [gateway, outcome] of Object.entries(GATEWAYS)) await benchLife(engine, gateway, outcome);
    printEverything(await everythingCosts(engine));
  } finally {
    await engine.stop();
  }
}

async function benchLife(engine: Engine, gateway: string, outcome: DeployOutcome | undefined): Promise<void> {
  const meters: Meter[] = [];
  const metered: Engine = {
    ...engine,
    open(overrides) {
      const table = engine.open(overrides);
      meters.push(meter(table));
      return table;
    },
  };
  const world = await createWorld(metered, outcome && (() => outcome));
  const used = meters[0];
  if (used === undefined) throw new Error('the world opened no table');
  const { tenant, deps, host } = world;
  const rows: Row[] = [];
  const spent: Spent[] = [];
  let requests = 0;

  const phase = async (name: string, act: () => Promise<unknown>) => {
    reset(used);
    await act();
    rows.push([name, used.writeUnits, used.readUnits, used.calls]);
    for (const { name: call, places, units } of used.spent)
      spent.push([`${name}: ${call} ${places.map(inShort).join(' + ')}`, units]);
  };
  /** A request over HTTP reads the caller's membership first. */
  const request = async <T extends object>(subject: string, act: (deps: Deps) => Promise<T | Refusal>) => {
    requests += 1;
    await deps.directory.membership(tenant, subject);
    const answer = await world.invoke(act);
    if (isRefusal(answer)) throw new Error(`refused: ${answer.refused}: ${answer.detail}`);
    return answer;
  };

  let id = '';
  await phase('request', async () => {
    const answer = await request(DEV.subject, (all) =>
      createPromotion(all, { actor: actorOf(DEV), tenant, request: REQUEST }),
    );
    id = answer.state.id;
  });
  await phase('workflow to the wait', () => host.pump());
  await phase('approve', () =>
    request(ALICE.subject, (all) => approvePromotion(all, { principal: { ...ALICE, tenant }, id })),
  );
  await phase('workflow after approval', () => host.pump());
  await phase('execute', () =>
    request(DEV.subject, (all) => executePromotion(all, { principal: { ...DEV, tenant }, id })),
  );
  await phase('workflow to the outcome', () => host.pump());
  if (outcome?.outcome === 'accepted') {
    await phase('report of the gateway', async () => {
      const deployment_id = world.deployed[0]?.deployment_id ?? '';
      const actor = actorOf(GATEWAY);
      await request(actor.subject, (all) =>
        recordOutcome(all, { tenant, deployment_id, outcome: 'live', actor }),
      );
    });
    await phase('workflow to its end', () => host.pump());
  }
  const stored = await deps.promotions.read(tenant, id);
  if (stored?.state.status !== 'completed') throw new Error(`not completed: ${stored?.state.status}`);
  const transitions = [...host.runs.values()].flatMap((run) => run.transitions);
  const tasks = transitions.filter((state) => state !== 'Route' && state !== 'Done');
  printLife(gateway, rows, transitions, requests + tasks.length);
  printTable(`Each call of it, gateway: ${gateway}`, [['call', 'units'], ...spent]);
}

/** A key without its tenant, and digests in short. */
function inShort(place: string): string {
  return place.replace(/^T#[^#]*#/, '').replace(/[0-9a-f]{24,}/g, (digits) => `${digits.slice(0, 6)}…`);
}

function printLife(
  gateway: string,
  rows: readonly Row[],
  transitions: readonly string[],
  lambdas: number,
): void {
  const sum = (column: 1 | 2 | 3) => rows.reduce((total, row) => total + row[column], 0);
  const [write, read] = [sum(1), sum(2)];
  printTable(`One approved promotion, gateway: ${gateway}`, [
    ['step', 'WRU', 'RRU', 'table calls'],
    ...rows,
    ['sum', write, read, sum(3)],
  ]);
  const dollars = 0.025 * transitions.length + 0.0006 * lambdas + 0.000625 * write + 0.000125 * read;
  console.log(
    `  ${transitions.length} transitions (${transitions.join(' ')}), ${lambdas} function invocations`,
  );
  console.log(
    `  $${dollars.toFixed(4)} per 1,000 before events and API requests; goals: 30 WRU, 15 RRU, 5 transitions, $0.16; before: 39 WRU, 33 RRU`,
  );
}

function printEverything(spent: Everything): void {
  const rows = [...spent].map(([step, { write, read }]) => [step, write, read] as const);
  const sum = (column: 1 | 2) => rows.reduce((total, row) => total + row[column], 0);
  printTable('One approved promotion with everything, gateway: record (goal: 37 WRU, 22 RRU)', [
    ['step', 'WRU', 'RRU'],
    ...rows,
    ['sum', sum(1), sum(2)],
  ]);
}
