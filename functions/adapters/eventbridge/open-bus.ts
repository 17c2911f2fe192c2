import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Bus } from '../../ports/bus.ts';
import { inTime } from '../in-time.ts';
import { eventBridgeBus } from './bus.ts';

/** The bus of that name by the real service; apart from its adapter, so that bundles load all of it late. */
export function openBus(name: string): Bus {
  return eventBridgeBus({ client: inTime(new EventBridgeClient({})), name });
}
