/** All that happened with a record: the audit's lines of it, comments, files, and what a customer's timeline tells. */
import { sql, type SQL } from 'drizzle-orm';
import type { HistoryEntry, RecordFile } from '../../contracts/index.ts';
import type { Connection } from '../database.store.ts';

interface Line extends Record<string, unknown> {
  id: string;
  at: Date | string;
  kind: HistoryEntry['kind'];
  user_id: string | null;
  user_name: string | null;
  text: string;
  changes: HistoryEntry['changes'];
  data: Record<string, unknown>;
}

const toEntry = (line: Line): HistoryEntry => ({
  id: line.id,
  at: new Date(line.at).toISOString(),
  kind: line.kind,
  userId: line.user_id,
  userName: line.user_name,
  text: line.text,
  changes: line.changes,
  data: line.data,
});

/** Each source is read by its own index no further than the page; the newest of all come first. */
export async function listHistory(connection: Connection, type: string, recordId: string, after: readonly [string, string] | undefined, limit: number): Promise<HistoryEntry[]> {
  const until = (at: SQL): SQL => (after === undefined ? sql`true` : sql`${at} <= ${after[0]}::timestamptz`);
  const sources = [
    sql`select 'a' || a.id as id, a.at, case when a.action like '%.created' then 'created' when a.action like '%.deleted' then 'deleted' when a.action like '%.restored' then 'restored'
          when a.action like '%.changed' then 'changed' else 'other' end as kind, a.user_id, nullif(a.user_name, '') as user_name, a.action as text, a.changes, '{}'::jsonb as data
        from audit_log a where a.record_type = ${type} and a.record_id = ${recordId} and ${until(sql`a.at`)} order by a.id desc limit ${limit * 2}`,
    sql`select 'c' || c.id as id, c.at, 'comment' as kind, c.user_id, u.name as user_name, c.text, '{}'::jsonb as changes, jsonb_build_object('mentions', to_jsonb(c.mentions), 'toCustomer', c.to_customer) as data
        from record_comments c left join users u on u.id = c.user_id where c.record_type = ${type} and c.record_id = ${recordId}::uuid and ${until(sql`c.at`)}
        order by c.at desc, c.id desc limit ${limit * 2}`,
    sql`select 'f' || f.id as id, f.at, 'file' as kind, f.user_id, u.name as user_name, f.name as text, '{}'::jsonb as changes, jsonb_build_object('fileId', f.id, 'bytes', f.bytes) as data
        from record_files f left join users u on u.id = f.user_id where f.record_type = ${type} and f.record_id = ${recordId}::uuid and ${until(sql`f.at`)}
        order by f.at desc, f.id desc limit ${limit * 2}`,
    ...(type === 'customer'
      ? [
          sql`select 't' || e.id as id, e.at, case e.kind when 'change' then 'other' else e.kind end as kind, e.user_id, u.name as user_name, e.summary as text, '{}'::jsonb as changes,
                e.data || jsonb_build_object('refId', e.ref_id) as data
              from timeline_entries e left join users u on u.id = e.user_id where e.customer_id = ${recordId}::uuid and e.kind <> 'change' and ${until(sql`e.at`)}
              order by e.at desc nulls last, e.id desc nulls last limit ${limit * 2}`,
        ]
      : []),
  ];
  const behind = after === undefined ? sql`true` : sql`(at, id) < (${after[0]}::timestamptz, ${after[1]})`;
  const { rows } = await connection.execute<Line>(sql`
    select * from (${sql.join(sources.map((source) => sql`(${source})`), sql` union all `)}) as all_of_it
    where ${behind} order by at desc, id desc limit ${limit}`);
  return rows.map(toEntry);
}

export async function insertComment(connection: Connection, comment: { id: string; type: string; recordId: string; at: Date; userId: string; text: string; mentions: readonly string[]; toCustomer: boolean }): Promise<void> {
  await connection.execute(sql`
    insert into record_comments (id, record_type, record_id, at, user_id, text, to_customer, mentions)
    values (${comment.id}::uuid, ${comment.type}, ${comment.recordId}::uuid, ${comment.at.toISOString()}::timestamptz, ${comment.userId}::uuid, ${comment.text}, ${comment.toCustomer},
            array(select u.id from users u where u.id = any (${sql.param([...comment.mentions])}::uuid[])))`);
}

const fileColumns = sql`f.id, f.name, f.media_type, f.bytes, f.at, u.name as user_name`;
interface FileRow extends Record<string, unknown> {
  id: string;
  name: string;
  media_type: string;
  bytes: number;
  at: Date | string;
  user_name: string | null;
}
const toFile = (row: FileRow): RecordFile => ({ id: row.id, name: row.name, mediaType: row.media_type, bytes: row.bytes, at: new Date(row.at).toISOString(), userName: row.user_name });

export async function insertFile(connection: Connection, file: { id: string; type: string; recordId: string; at: Date; userId: string; name: string; mediaType: string; content: Buffer }): Promise<void> {
  await connection.execute(sql`
    insert into record_files (id, record_type, record_id, at, user_id, name, media_type, bytes, content)
    values (${file.id}::uuid, ${file.type}, ${file.recordId}::uuid, ${file.at.toISOString()}::timestamptz, ${file.userId}::uuid, ${file.name}, ${file.mediaType}, ${file.content.length}, ${file.content})`);
}

export async function listFiles(connection: Connection, type: string, recordId: string): Promise<RecordFile[]> {
  const { rows } = await connection.execute<FileRow>(sql`
    select ${fileColumns} from record_files f left join users u on u.id = f.user_id
    where f.record_type = ${type} and f.record_id = ${recordId}::uuid order by f.at desc, f.id desc limit 200`);
  return rows.map(toFile);
}

export async function readFile(connection: Connection, type: string, recordId: string, fileId: string): Promise<{ file: RecordFile; content: Buffer } | undefined> {
  const { rows } = await connection.execute<FileRow & { content: Buffer }>(sql`
    select ${fileColumns}, f.content from record_files f left join users u on u.id = f.user_id
    where f.id = ${fileId}::uuid and f.record_type = ${type} and f.record_id = ${recordId}::uuid`);
  return rows[0] && { file: toFile(rows[0]), content: rows[0].content };
}
