/**
 * `npm run audit`: proves that no line of the audit was changed, added or taken away since it was sealed. With a head that was noted
 * before, `npm run audit -- SEAL:HASH`, it also proves that none was cut off at the end. Ends with 0 when it is whole.
 */
import { join } from 'node:path';
import process from 'node:process';
import { proveAudit } from '../cti-server/src/access/index.ts';
import { openDatabase } from '../cti-server/src/db/index.ts';
import { dataFolder } from './folders.ts';
import { runningPostgres } from './postgres.ts';

const [noted] = process.argv.slice(2);
const [seal, hash] = noted?.split(':') ?? [];
if (noted !== undefined && !(Number(seal) > 0 && hash)) {
  console.error('Give the head as it was printed before: SEAL:HASH.');
  process.exit(2);
}
const url = process.env['DATABASE_URL'] ?? runningPostgres(join(dataFolder, 'postgres'));
if (!url) {
  console.error('Neither is DATABASE_URL set, nor does a built-in database run here: `npm start` first.');
  process.exit(2);
}
const database = openDatabase(url, { applicationName: 'audit', max: 1, onError: (error) => console.error(error.message) });
const proof = await proveAudit(database, noted === undefined ? undefined : { seal: Number(seal), hash: hash ?? '' });
await database.$client.end();
if (proof.whole) console.log(`✓ The audit is whole: ${proof.sealed} lines sealed, ${proof.unsealed} not yet. Head: ${proof.head ? `${proof.head.seal}:${proof.head.hash}` : 'none'}`);
else console.error(`✗ The audit is broken at seal ${proof.fault?.seal}${proof.fault?.auditId ? ` (line ${proof.fault.auditId})` : ''}: ${proof.fault?.reason}. ${proof.sealed} lines before it fit.`);
process.exit(proof.whole ? 0 : 1);
