import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { Fault } from '../../domain/faults.ts';
import type { CloudEvent } from '../../domain/notification/cloud-event.ts';
import type { Bus } from '../../ports/bus.ts';
import { awsFault } from '../aws-fault.ts';

/** Entries of one PutEvents call: the service's limit. */
const BATCH = 10;
/** The source that the bus's rules ask for. */
const SOURCE = 'sluice';

/** EventBridge as the bus. A call that answers 200 may still have left entries out: that is `Unavailable` too. */
export function eventBridgeBus({
  client,
  name,
}: {
  readonly client: EventBridgeClient;
  readonly name: string;
}): Bus {
  return {
    async publish(events) {
      for (let at = 0; at < events.length; at += BATCH) {
        await put(client, name, events.slice(at, at + BATCH));
      }
    },
  };
}

async function put(client: EventBridgeClient, bus: string, events: readonly CloudEvent[]): Promise<void> {
  const Entries = events.map((event) => ({
    EventBusName: bus,
    Source: SOURCE,
    DetailType: event.type,
    Detail: JSON.stringify(event),
    Time: new Date(event.time),
  }));
  const answer = await client.send(new PutEventsCommand({ Entries })).catch((error) => {
    throw awsFault('EventBridge', error);
  });
  if ((answer.FailedEntryCount ?? 0) > 0) {
    const codes = answer.Entries?.flatMap(({ ErrorCode }) => ErrorCode ?? []) ?? [];
    throw new Fault('Unavailable', `EventBridge left out entries: ${codes.join(', ')}`);
  }
}
