import { onBoth } from './adapters.ts';
import { openingsContract } from './openings.contract.ts';

onBoth('openings', openingsContract);
