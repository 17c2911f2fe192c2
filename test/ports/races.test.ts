import { onBoth } from './adapters.ts';
import { racesContract } from './races.contract.ts';

onBoth('races', racesContract);
