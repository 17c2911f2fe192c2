import { onBoth } from './adapters.ts';
import { driveContract } from './drive.contract.ts';

onBoth('drive', driveContract);
