/** Used by `npm run db:generate`: writes the SQL for what changed in schema/ since the last migration. */
export default { dialect: 'postgresql', schema: './cti-server/src/db/schema/index.ts', out: './cti-server/src/db/migrations' };
