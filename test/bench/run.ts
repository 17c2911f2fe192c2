import { benchApi } from './api.ts';
import { benchArtifacts } from './artifacts.ts';
import { benchBundles } from './bundles.ts';
import { benchConfig } from './config.ts';
import { benchDashboard } from './dashboard.ts';
import { benchGovernance } from './governance.ts';
import { benchGrowth } from './growth.ts';
import { benchLog } from './log.ts';
import { benchMemory } from './memory.ts';
import { benchPromotions } from './promotions.ts';
import { benchRounds } from './rounds.ts';
import { benchSchedules } from './schedules.ts';
import { benchStartUp } from './start-up.ts';
import { benchStatus } from './status.ts';
import { benchUnits } from './units.ts';

/** `npm run bench` runs all of these, `npm run bench <name> …` the named ones. */
const BENCHES: { readonly [name: string]: () => Promise<void> } = {
  units: benchUnits,
  rounds: benchRounds,
  api: benchApi,
  artifacts: benchArtifacts,
  bundles: () => benchBundles(),
  config: () => benchConfig(),
  dashboard: benchDashboard,
  governance: benchGovernance,
  growth: benchGrowth,
  log: benchLog,
  memory: benchMemory,
  promotions: benchPromotions,
  schedules: benchSchedules,
  startup: () => benchStartUp(),
  status: () => benchStatus(),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(BENCHES)) {
  if (asked.length === 0 || asked.includes(name)) await bench();
}
