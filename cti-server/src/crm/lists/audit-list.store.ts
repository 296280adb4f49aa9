/** The audit as a list. Its lines are in the order of their ids, and never change. */
import { sql } from 'drizzle-orm';
import type { Labels, PickOption } from '../../contracts/index.ts';
import type { Connection } from '../database.store.ts';
import type { ListDeclaration } from './list-types.ts';
import { withinPeople } from './reach-of-people.store.ts';

const labels = (es: string, en: string, cn: string, tw: string): Labels => ({ es, en, 'zh-CN': cn, 'zh-TW': tw });
const same = (word: string): Labels => labels(word, word, word, word);

/** Words for what is done to anything; what only one kind of thing has shows by its own name. */
const words: Readonly<Record<string, Labels>> = {
  signedIn: labels('inicio de sesión', 'signed in', '登录', '登入'),
  signInFailed: labels('inicio de sesión fallido', 'sign-in failed', '登录失败', '登入失敗'),
  signedOut: labels('cierre de sesión', 'signed out', '退出登录', '登出'),
  created: labels('creado', 'created', '新建', '新建'),
  changed: labels('modificado', 'changed', '修改', '修改'),
  deleted: labels('eliminado', 'deleted', '删除', '刪除'),
  restored: labels('restaurado', 'restored', '恢复', '還原'),
  shared: labels('compartido', 'shared', '共享', '共用'),
  exported: labels('exportado', 'exported', '导出', '匯出'),
  imported: labels('importado', 'imported', '导入', '匯入'),
  merged: labels('unido', 'merged', '合并', '合併'),
  passwordChanged: labels('contraseña cambiada', 'password changed', '修改密码', '變更密碼'),
  passwordReset: labels('contraseña restablecida', 'password reset', '重置密码', '重設密碼'),
};

/** `lead.created` is "created (lead)": the type alone would be named the same by several. */
function wordsOf(value: string): Labels {
  const [, of, done] = /^(.+)\.([A-Za-z]+)$/.exec(value) ?? [];
  const word = words[done ?? value];
  if (word === undefined) return same(value.slice(0, 80));
  return of === undefined ? word : labels(`${word.es} (${of})`, `${word.en} (${of})`, `${word['zh-CN']} (${of})`, `${word['zh-TW']} (${of})`);
}

/** The different values of a column, read by skipping along its index rather than through all lines. */
const valuesOf =
  (column: 'action' | 'record_type') =>
  async (connection: Connection): Promise<PickOption[]> => {
    const name = sql.identifier(column);
    const { rows } = await connection.execute<{ value: string }>(sql`
      with recursive v (value) as (
        (select ${name} from audit_log order by ${name} limit 1)
        union all select (select a.${name} from audit_log a where a.${name} > v.value order by a.${name} limit 1) from v where v.value is not null)
      select value from v where value is not null limit 500`);
    return rows.map(({ value }) => ({ value, label: wordsOf(value), retired: false }));
  };

export const auditList: ListDeclaration = {
  name: 'audit',
  label: labels('Cambio', 'Change', '操作', '操作'),
  plural: labels('Auditoría', 'Audit', '审计', '稽核'),
  icon: 'shield-check',
  table: sql`audit_log`,
  idType: 'bigint',
  fields: {
    at: { kind: 'instant', label: labels('Cuándo', 'When', '时间', '時間'), filled: true, sortable: 'byId' },
    userId: { kind: 'user', label: labels('Quién', 'Who', '操作人', '操作人') },
    action: { kind: 'pick', label: labels('Qué', 'What', '操作', '操作'), filled: true, readOptions: valuesOf('action') },
    recordType: { kind: 'pick', label: labels('Tipo', 'Type', '类型', '類型'), filled: true, readOptions: valuesOf('record_type') },
    recordId: { kind: 'text', label: labels('Registro', 'Record', '记录', '紀錄'), exact: true, filled: true },
    changes: {
      kind: 'longText',
      filterable: false,
      label: labels('Cambios', 'Changes', '变更内容', '變更內容'),
      expression: sql`(select string_agg(c.key || ': ' || coalesce(c.value->>'old', '—') || ' → ' || coalesce(c.value->>'new', '—'), chr(10)) from jsonb_each(t.changes) c)`,
    },
  },
  atField: 'at',
  titleField: 'at',
  listFields: ['at', 'userId', 'action', 'recordType', 'changes'],
  order: '-at',
  led: ['userId', 'action'],
  access: ['audit.read'],
  reach: ({ userIds }) => Promise.resolve(withinPeople('user_id', userIds)),
};
