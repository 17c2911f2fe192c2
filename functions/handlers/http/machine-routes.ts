import {
  createMachine as createMachineEndpoint,
  deleteMachine as deleteMachineEndpoint,
  getMachine,
  listMachines as listMachinesEndpoint,
  updateMachine as updateMachineEndpoint,
} from '../../contract/members.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { MachineIdentity } from '../../ports/directory.ts';
import {
  createMachine,
  deleteMachine,
  listMachines,
  readMachine,
  updateMachine,
} from '../../use-cases/administration/machines.ts';
import type { TableDeps } from '../wiring/table.ts';
import { machineView } from './administration-views.ts';
import { etag, ifMatch } from './etag.ts';
import { type Answer, created, noContent, ok } from './reply.ts';
import { type Route, route } from './route.ts';

const shown = (machine: MachineIdentity): Answer => ok(machineView(machine), etag(machine.version));

/** `/api/v1/principals`. */
export const machineRoutes: readonly Route<TableDeps>[] = [
  route(createMachineEndpoint, async ({ principal, body, keeping }, deps) => {
    const { id, ...fields } = body;
    const answerOf = (machine: MachineIdentity) =>
      created(machineView(machine), `/api/v1/principals/${machine.id}`, etag(machine.version));
    const machine = await createMachine(deps, {
      principal,
      ...(id === undefined ? {} : { id }),
      fields,
      ...keeping(answerOf),
    });
    return isRefusal(machine) ? machine : answerOf(machine);
  }),
  route(listMachinesEndpoint, async ({ principal, page, paged }, deps) => {
    const asked = await page(deps);
    if ('refused' in asked) return asked;
    const machines = await listMachines(deps, { principal, page: asked });
    return isRefusal(machines) ? machines : paged(deps, machines, machineView);
  }),
  route(getMachine, async ({ principal, param }, deps) => {
    const machine = await readMachine(deps, { principal, id: param('id') });
    return isRefusal(machine) ? machine : shown(machine);
  }),
  route(updateMachineEndpoint, async ({ principal, param, body, headers }, deps) => {
    const match = ifMatch(headers);
    if ('refused' in match) return match;
    const machine = await updateMachine(deps, {
      principal,
      id: param('id'),
      change: body,
      ifMatch: match.versions,
    });
    return isRefusal(machine) ? machine : shown(machine);
  }),
  route(deleteMachineEndpoint, async ({ principal, param, headers }, deps) => {
    const match = ifMatch(headers);
    if ('refused' in match) return match;
    const machine = await deleteMachine(deps, { principal, id: param('id'), ifMatch: match.versions });
    return isRefusal(machine) ? machine : noContent;
  }),
];
