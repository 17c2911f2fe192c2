import type { Metafile } from 'esbuild';

/** Returns the modules of which at least one byte is in the outputs of a build, in order. */
export function insideOf(outputs: Metafile['outputs']): readonly string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const inside = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([name]) => name);
  return [...new Set(inside)].toSorted();
}
