/**
 * What tests and benchmarks use to start parts of their own, beside a running installation and beside each other:
 *
 * - {@link startThrowawayPostgres} a Postgres 18 in a temporary folder on a free port
 * - {@link startPostgres} the same in a folder of your choice
 * - {@link startAsterisk} an Asterisk 22 in a folder of your choice on free ports
 *
 * Each answers an object with `stop`, `kill` and `start`, so that a test can take it down and bring it back.
 */
export { startPostgres, startThrowawayPostgres, type PostgresOptions, type RunningPostgres } from './postgres.ts';
export { prepareAsterisk, startAsterisk, type AsteriskOptions, type RunningAsterisk } from './asterisk.ts';
export { freePort, isPortFree } from './ports.ts';
