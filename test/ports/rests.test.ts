import { onBoth } from './adapters.ts';
import { restsContract } from './rests.contract.ts';

onBoth('rests', restsContract);
