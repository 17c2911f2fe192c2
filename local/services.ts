import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { startAwsEndpoint } from './aws-endpoint.ts';
import type { Cleanup } from './cleanup.ts';
import { readBusNames, readPatternRules, readScheduleGroups } from './cloudformation/event-rules.ts';
import { readFunctions } from './cloudformation/functions.ts';
import { readQueueMappings, readQueues } from './cloudformation/queues.ts';
import type { Deployed } from './cloudformation/stack.ts';
import { readStateMachines } from './cloudformation/state-machines.ts';
import { readCrashPlan } from './crash-plan.ts';
import { eventBridgeService } from './events/service.ts';
import { openFunctionsLog } from './functions-log.ts';
import { issuerUrl } from './identity/issuer.ts';
import { keyService } from './keys/service.ts';
import { asyncInvocations } from './lambda/async-invocations.ts';
import { Deliveries } from './lambda/deliveries.ts';
import { createFunctions, type Functions, type StreamingFunctions } from './lambda/functions.ts';
import { Mailbox } from './mail/mailbox.ts';
import { bucketService } from './objects/service.ts';
import { MessageStore } from './queues/message-store.ts';
import { QueuePoller } from './queues/poller.ts';
import { Queues } from './queues/queues.ts';
import { queueService } from './queues/service.ts';
import { schedulerService } from './schedules/service.ts';
import { Alarms } from './schedules/timers.ts';
import { secretsManagerService } from './secrets/service.ts';
import type { Settings } from './settings.ts';
import { ExecutionStore } from './step-functions/execution-store.ts';
import { Executions } from './step-functions/executions.ts';
import { stepFunctionsService } from './step-functions/service.ts';
import { localCredentials, localRegion } from './surroundings.ts';
import { tableProxy } from './table/proxy.ts';

/** The AWS services behind the functions of a template. */
export interface Services {
  readonly functions: Functions & StreamingFunctions;
  readonly executions: Executions;
  readonly deliveries: Deliveries;
  readonly queues: Queues;
  readonly pollers: readonly QueuePoller[];
  readonly mailbox: Mailbox;
  readonly alarms: Alarms;
  /** Milliseconds that the clock of the functions runs ahead, when it is adjustable. */
  readonly clock: Float64Array | undefined;
}

/** Pauses in milliseconds before an asynchronous invocation is tried again; Lambda waits minutes. */
const retryMs = [1000, 2000];

/** Invocations that may wait for one function before it throttles. */
const queueLength = 1000;

/**
 * Threads of all functions together, and those that stay when nothing happens. A loaded function takes 20 to 25 MB: these
 * hold all processes below 700 MB at work and 400 MB at rest (`npm run bench memory`).
 */
const threads = { most: 14, kept: 4, idleMs: 30_000, patienceMs: 100, stallMs: 2000 };

/**
 * Brings up everything functions call or are called by, except HTTP, the clock-driven rules, and the table itself.
 * `secrets` are those that the runtime itself provides, by name.
 */
export async function startServices(
  settings: Settings,
  deployed: Deployed,
  database: DatabaseSync,
  tableEndpoint: string,
  secrets: Readonly<Record<string, string>>,
  cleanup: Cleanup,
): Promise<Services> {
  const crash = readCrashPlan(process.env);
  const endpoint = await startAwsEndpoint(crash);
  cleanup.add(() => endpoint.stop());
  const log = openFunctionsLog(settings.dataDir);
  cleanup.add(() => log.end());
  const clock = settings.adjustableClock ? new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT) : undefined;
  const sources = settings.watch
    ? (await import('./watch.ts')).watchSources(join(settings.dataDir, 'watched'))
    : undefined;
  if (sources !== undefined) cleanup.add(() => sources.stop());
  const functions = createFunctions(readFunctions(deployed), {
    surroundings: deployed.surroundings,
    local: {
      ...localVariables(deployed, endpoint.url, crash.watchesTable ? endpoint.url : tableEndpoint),
      ...settings.telemetry,
      ...(settings.slackApiUrl === undefined ? {} : { SLUICE_SLACK_API_URL: settings.slackApiUrl }),
    },
    limits: { concurrency: settings.concurrency, queue: queueLength, ...threads },
    log,
    ...(clock === undefined ? {} : { clock }),
    ...(sources === undefined ? {} : { sources }),
  });
  cleanup.add(() => functions.stop());
  const executions = new Executions(new ExecutionStore(database), functions, readStateMachines(deployed));
  cleanup.add(() => executions.stop());
  const deliveries = new Deliveries(database, functions, retryMs);
  cleanup.add(() => deliveries.stop());
  const enqueue = (name: string, event: unknown) => deliveries.enqueue(name, event);
  const queues = new Queues(readQueues(deployed), new MessageStore(database));
  const pollers = readQueueMappings(deployed, queues.definitions, settings.concurrency).map(
    (mapping) => new QueuePoller(mapping, queues, functions),
  );
  cleanup.add(() => {
    for (const poller of pollers) poller.stop();
  });
  const mailbox = new Mailbox(database);
  const ahead = clock === undefined ? undefined : new Float64Array(clock);
  const alarms = new Alarms(database, {
    accept: (name, event) => deliveries.accept(name, event),
    now: () => Date.now() + (ahead?.[0] ?? 0),
  });
  cleanup.add(() => alarms.stop());
  endpoint.serve(
    [
      stepFunctionsService(executions),
      eventBridgeService(readBusNames(deployed), readPatternRules(deployed), enqueue),
      queueService(queues),
      secretsManagerService(settings.dataDir, secrets),
      keyService(
        settings.dataDir,
        deployed
          .resources('AWS::KMS::Key')
          .map(({ physical, properties }) => ({ id: physical.ref, spec: String(properties['KeySpec']) })),
      ),
      ...(crash.watchesTable ? [tableProxy(tableEndpoint)] : []),
    ],
    [mailbox.service(), ...schedulerService(alarms, readScheduleGroups(deployed)), asyncInvocations(enqueue)],
    [
      bucketService(
        settings.dataDir,
        deployed.resources('AWS::S3::Bucket').map(({ physical }) => physical.ref),
      ),
    ],
  );
  return {
    functions,
    executions,
    deliveries,
    queues,
    pollers,
    mailbox,
    alarms,
    clock: ahead,
  };
}

/** The variables that make functions talk to this machine; the template never sets them. */
function localVariables(
  { surroundings }: Deployed,
  endpoint: string,
  tableEndpoint: string,
): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
    AWS_REGION: localRegion,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: tableEndpoint,
    AWS_ENDPOINT_URL_SFN: endpoint,
    AWS_ENDPOINT_URL_EVENTBRIDGE: endpoint,
    AWS_ENDPOINT_URL_SQS: endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint,
    AWS_ENDPOINT_URL_KMS: endpoint,
    AWS_ENDPOINT_URL_LAMBDA: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ENDPOINT_URL_SESV2: endpoint,
    AWS_ENDPOINT_URL_SCHEDULER: endpoint,
    OIDC_ISSUER: issuerUrl(surroundings.httpUrl),
    SLUICE_EGRESS_ALLOW_LOOPBACK: 'true',
  };
}
