import { onBoth } from '../../ports/adapters.ts';
import { deliverSuite } from './deliver.suite.ts';

onBoth('delivering', deliverSuite);
