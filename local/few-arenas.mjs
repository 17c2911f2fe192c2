/**
 * Starts this process anew with settings that the C library reads only at its start: glibc otherwise keeps the heap of every
 * thread that has ended. The process keeps its id; where there is no glibc, nothing happens.
 */
const settings = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' };

if (process.platform === 'linux' && process.env['MALLOC_ARENA_MAX'] === undefined && process.execve) {
  const args = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  process.execve(process.execPath, args, { ...settings, ...process.env });
}
