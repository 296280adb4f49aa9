/**
 * What tests and benchmarks use to start parts of their own, beside a running installation and beside each other:
 *
 * - {@link startThrowawayPostgres} a Postgres 18 in a temporary folder on a free port
 * - {@link startPostgres} the same in a folder of your choice
 * - {@link startAsterisk} an Asterisk 22 in a folder of your choice on free ports
 * - {@link startCentralita} cti-server against both, waiting until it is ready
 * - {@link startThrowawayRedis} a Redis on a free port
 * - {@link findSipp} and {@link findChromium} the tools that play callers and browsers, fetched when missing
 * - {@link buildConsole} the console, when its sources have changed
 *
 * Each answers an object with `stop`, `kill` and `start`, so that a test can take it down and bring it back.
 */
export { prepareAsterisk, startAsterisk, type AsteriskOptions, type RunningAsterisk } from './asterisk.ts';
export { buildConsole, builtConsole } from './console-build.ts';
export { startNodePart, type NodePartOptions, type Part } from './part.ts';
export { freePort, isPortFree } from './ports.ts';
export { findChromium, findRedis, findSipp, startThrowawayRedis, type Tool } from './tools.ts';
export { startPostgres, startThrowawayPostgres, type PostgresOptions, type RunningPostgres } from './postgres.ts';
export { startCentralita, type CentralitaOptions, type RunningCentralita } from './server.ts';
