import { onBoth } from './adapters.ts';
import { waitsContract } from './waits.contract.ts';

onBoth('waits', waitsContract);
