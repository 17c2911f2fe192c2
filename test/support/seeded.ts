import fc from 'fast-check';

/** Properties take their cases from the run's seed, which it prints; `SLUICE_SEED` repeats one. */
fc.configureGlobal({ seed: Number(process.env['SLUICE_SEED']), numRuns: Number(process.env['SLUICE_RUNS']) });
