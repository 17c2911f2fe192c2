import { onBoth } from './adapters.ts';
import { directoryContract } from './directory.contract.ts';

onBoth('directory', directoryContract);
