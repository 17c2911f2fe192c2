import { onBoth } from './adapters.ts';
import { timelinesContract } from './timelines.contract.ts';

onBoth('timelines', timelinesContract);
