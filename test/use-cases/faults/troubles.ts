import { documentedErrors } from '../../support/aws-peer.ts';
import { WIRE_FAULTS, type WireFault } from '../../support/fault-server.ts';

/** Milliseconds for a peer that never answers, and for one that does. */
const BRIEF = 200;
export const LONG = 120_000;

type Trouble = readonly [name: string, fault: WireFault, patience: number];

/** What an AWS service may do to these commands, by the SDK's own documentation, and what any peer may do. */
export const troubles = (
  ...commands: readonly (readonly [client: string, command: string])[]
): readonly Trouble[] => [
  ...Object.entries(WIRE_FAULTS).map(([name, fault]): Trouble => [name, fault, BRIEF]),
  ...commands.flatMap(([client, command]) =>
    documentedErrors(client, command).map(([name, fault]): Trouble => [name, fault, LONG]),
  ),
];
