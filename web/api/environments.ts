import { EnvironmentView, environments } from '../../functions/contract/environments.ts';
import type { Data } from './data.ts';
import { useList } from './list.ts';

export type Environment = EnvironmentView;

/** The environments in the order of the pipeline. */
export function useEnvironments(): Data<readonly Environment[]> {
  const found = useList(EnvironmentView, environments.path);
  return { ...found, value: found.value?.toSorted((a, b) => a.rank - b.rank) };
}
