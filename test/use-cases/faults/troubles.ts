import { documentedErrors } from '../../support/aws-peer.ts';
import { WIRE_FAULTS, type WireFault } from '../../support/fault-server.ts';
import { inTurn } from '../../support/length.ts';

/** Milliseconds for a peer that never answers, and for one that does. */
const BRIEF = 200;
export const LONG = 120_000;

type Trouble = readonly [name: string, fault: WireFault, patience: number];

/** In `npm test` every third one, and for the next commands the next ones. */
const SHARE = 3;
let asked = 0;

/** What an AWS service may do to these commands, by the SDK's own documentation, and what any peer may do. */
export function troubles(
  ...commands: readonly (readonly [client: string, command: string])[]
): readonly Trouble[] {
  const all = [
    ...Object.entries(WIRE_FAULTS).map(([name, fault]): Trouble => [name, fault, BRIEF]),
    ...commands.flatMap(([client, command]) =>
      documentedErrors(client, command).map(([name, fault]): Trouble => [name, fault, LONG]),
    ),
  ];
  return inTurn(all, SHARE, asked++);
}
