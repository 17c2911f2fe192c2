import { onBoth } from './adapters.ts';
import { slotsContract } from './slots.contract.ts';

onBoth('slots', slotsContract);
