import { rm } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { adminPrefix, answerAdmin } from './admin/routes.ts';
import { Cleanup } from './cleanup.ts';
import { readAssembly } from './cloudformation/assembly.ts';
import { readScheduleRules } from './cloudformation/event-rules.ts';
import { readFunctionUrls } from './cloudformation/function-urls.ts';
import { readHttpApis } from './cloudformation/http-apis.ts';
import { deploy } from './cloudformation/stack.ts';
import { readTables } from './cloudformation/tables.ts';
import { readUserPools } from './cloudformation/user-pools.ts';
import { beginDemo, performDemo } from './demo/demo.ts';
import { FIRST_IMAGE, pushImage } from './demo/images.ts';
import { createScheduler } from './events/scheduler.ts';
import { type Door, openDoor, readCode } from './http-api/door.ts';
import { functionUrls } from './http-api/function-urls.ts';
import { createGateway } from './http-api/gateway.ts';
import { startHttpServer } from './http-api/server.ts';
import { createCodeGrant } from './identity/code-grant.ts';
import { type Person, readMachines, readPeople } from './identity/demo-people.ts';
import { createIssuer, issuerUrl } from './identity/issuer.ts';
import { readMachineCredentials } from './identity/machine-credentials.ts';
import { writePrivate } from './identity/private-file.ts';
import { newSigningKey, readSigningKey } from './identity/signing-key.ts';
import { isRecord } from './json.ts';
import { judgeTable } from './judge.ts';
import { type Reservation, reserveAnyPort, reservePort } from './ports.ts';
import { accountSecret, ownRegistry, readRobotAccount } from './registry/account.ts';
import { openRegistry } from './registry/registry.ts';
import { registryHandler } from './registry/respond.ts';
import { runtimeFile } from './runtime-file.ts';
import { isSeeded, seedOnce } from './seed.ts';
import { startServices } from './services.ts';
import type { Settings } from './settings.ts';
import { openStore } from './store.ts';
import { localAccountId, localRegion } from './surroundings.ts';
import { assembliesBase, synthesize } from './synth.ts';
import { addIndexes, createTables } from './table/create-tables.ts';
import { foreignEngine, startEngine } from './table/engine.ts';

/** A runtime that is ready. */
export interface Runtime {
  /** Without a slash at the end. */
  readonly url: string;
  readonly people: readonly Person[];
  /** Who comes in, where it listens beyond loopback. */
  readonly door: Door | undefined;
  /** Settles when the table engine ended by itself, with what it last printed: nothing works any more. */
  readonly engineEnded: Promise<string>;
  /** Ends everything that was started, after the requests under way. */
  stop(): Promise<void>;
}

/** The port of the settings is taken. */
export class PortInUse extends Error {
  override readonly name = 'PortInUse';
}

/**
 * Starts everything the template asks for; resolves when it is ready to serve. `tell` hears of what takes seconds.
 * Throws `PortInUse`, `DataDirInUse`, or whatever else keeps it from starting, with nothing left behind.
 */
export async function startRuntime(settings: Settings, tell: (line: string) => void): Promise<Runtime> {
  const cleanup = new Cleanup();
  try {
    return await start(settings, cleanup, tell);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function start(settings: Settings, cleanup: Cleanup, tell: (line: string) => void): Promise<Runtime> {
  const reservation = await takePort(settings.port);
  cleanup.add(() => reservation.release());
  const { dataDir } = settings;
  const database = openStore(dataDir);
  cleanup.add(() => database.close());
  const { url, inside, address, door } = await addressOf(settings, reservation.port);
  const deployed = deploy(await readAssembly(await assemblyOf(settings, tell)), {
    region: localRegion,
    accountId: localAccountId,
    httpUrl: url,
    parameters: { MostFlagStreams: String(settings.streams), LogWitnesses: settings.logWitnesses },
  });
  const engine =
    settings.dynamodbEndpoint === undefined
      ? await startEngine(dataDir)
      : foreignEngine(settings.dynamodbEndpoint);
  cleanup.add(() => engine.stop());
  const tables = readTables(deployed);
  await createTables(engine.endpoint, tables);
  const people = await readPeople(settings.peopleFile);
  const robot = await readRobotAccount(dataDir);
  const secrets = Object.fromEntries(
    people.map(({ tenant_id }) => [accountSecret(tenant_id), JSON.stringify(robot)]),
  );
  const services = await startServices(settings, deployed, database, engine.endpoint, secrets, cleanup);
  // Before an index is added: a table that is refused is left as it is.
  await judgeTable(services.functions, settings.dynamodbEndpoint === undefined, tell);
  await addIndexes(engine.endpoint, tables);
  const machines = await readMachines();
  const registry = { tenant_id: people[0]?.tenant_id ?? '', id: ownRegistry, url };
  if (settings.demo === 'on' && !isSeeded(database)) beginDemo(database, people);
  await seedOnce(database, services.functions, {
    people,
    machines,
    registry,
    demo: settings.demo !== 'off',
  });
  const [pool] = readUserPools(deployed);
  // Beyond loopback no token of an earlier start is taken: it was made without the code.
  const key = door === undefined ? await readSigningKey(dataDir) : await newSigningKey();
  const issuer =
    pool === undefined
      ? undefined
      : createIssuer(issuerUrl(url), pool, key, people, services.functions, services.clock);
  const codeGrant = issuer === undefined || pool === undefined ? undefined : createCodeGrant(issuer, pool);
  const gateway = createGateway({
    apis: readHttpApis(deployed),
    functions: services.functions,
    issuer,
    pool,
    machines: await readMachineCredentials(dataDir, machines),
  });
  const scheduler = createScheduler(readScheduleRules(deployed), (name, event) =>
    services.deliveries.enqueue(name, event),
  );
  const content = await openRegistry(join(dataDir, 'registry'), {
    issuer,
    robot,
    closed: door !== undefined,
  });
  reservation.release();
  // The registry answers at once, for the demo artifact; all else waits until everything runs.
  const ready = Promise.withResolvers<void>();
  const server = await startHttpServer(
    { port: reservation.port, address, refusal: door?.refusal },
    async (request) => {
      await ready.promise;
      return request.path.startsWith(adminPrefix)
        ? answerAdmin(request, { ...services, issuer, codeGrant, door })
        : gateway(request);
    },
    [registryHandler(content), functionUrls(readFunctionUrls(deployed), services.functions)],
  );
  cleanup.add(() => server.stop());
  if (settings.demo !== 'off') await pushImage(inside, robot, FIRST_IMAGE);
  services.executions.resume();
  services.deliveries.resume();
  services.queues.store.takeBack();
  for (const poller of services.pollers) poller.start();
  services.alarms.start();
  scheduler.start();
  cleanup.add(() => scheduler.stop());
  await writePrivate(runtimeFile(dataDir), JSON.stringify({ url, inside, pid: process.pid }));
  cleanup.add(() => rm(runtimeFile(dataDir), { force: true }));
  ready.resolve();
  if (settings.demo === 'on' && issuer !== undefined) {
    const ending = new AbortController();
    const { functions } = services;
    const done = performDemo(database, { url: inside, issuer, robot, functions }, tell, ending.signal);
    cleanup.add(async () => {
      ending.abort();
      await done;
    });
  }
  return { url, door, people, engineEnded: engine.ended, stop: () => cleanup.run() };
}

/** Where the runtime listens, what it is called by others, and what it calls itself. */
async function addressOf({ listen, dataDir }: Settings, port: number) {
  if (listen === undefined) {
    const url = `http://127.0.0.1:${port}`;
    return { url, inside: url, address: '127.0.0.1', door: undefined };
  }
  const { address, origin = `http://127.0.0.1:${port}` } = listen;
  const own = ANY.has(address) ? '127.0.0.1' : address;
  const host = `${isIPv6(own) ? `[${own}]` : own}:${port}`;
  const door = openDoor(origin, host, await readCode(dataDir));
  return { url: origin, inside: `http://${host}`, address, door };
}
/** Every address of the machine. */
const ANY: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Taken first of all: to find the port in use after synthesizing would waste the user's time. */
async function takePort(wanted: number): Promise<Reservation> {
  if (wanted === 0) return reserveAnyPort();
  return reservePort(wanted).catch((cause: unknown) => {
    if (!isRecord(cause) || cause['code'] !== 'EADDRINUSE') throw cause;
    throw new PortInUse(`Port ${wanted} is in use by another process.`, { cause });
  });
}

async function assemblyOf({ assemblyDir, dataDir }: Settings, tell: (line: string) => void): Promise<string> {
  if (assemblyDir !== undefined) return assemblyDir;
  const base = assembliesBase(dataDir);
  const own = join(dataDir, 'assembly');
  // Data directories of before hold an assembly each.
  if (base !== own) await rm(own, { recursive: true, force: true });
  return synthesize(base, tell);
}
