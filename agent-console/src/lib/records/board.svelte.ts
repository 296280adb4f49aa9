import type { CrmRecord, RecordField } from '@centralita/cti-server/contracts';
import { get } from '#lib/api/index.ts';
import { PagedList } from '#lib/api/paged.svelte.ts';
import { asText } from './field-words.ts';
import type { RecordList } from './record-list.svelte.ts';
import { saveChange, pathOf, type Saved } from './saving.ts';

/** One stage: the records that stand in it. */
export class Stage {
  /** Null: no stage yet. */
  readonly value: string | null;
  readonly page: PagedList<CrmRecord>;
  count = $state<{ count: number; exact: boolean } | null>(null);

  constructor(type: string, value: string | null) {
    this.value = value;
    this.page = new PagedList<CrmRecord>(pathOf(type));
  }
}

/** Records by stage, each stage read by itself, so that a long one hides no other. */
export class StageBoard {
  readonly list: RecordList;
  readonly field: RecordField;
  readonly stages: Stage[];

  constructor(list: RecordList, field: RecordField) {
    this.list = list;
    this.field = field;
    const values = [...field.options.filter((option) => !option.retired).map((option) => option.value), ...(field.required ? [] : [null])];
    this.stages = values.map((value) => new Stage(list.type.name, value));
  }

  ask(): void {
    const query = this.list.query;
    for (const stage of this.stages) {
      const own = stage.value === null ? { field: this.field.key, op: 'empty' } : { field: this.field.key, op: 'eq', value: stage.value };
      const filter = JSON.stringify([...this.list.look.filter, own]);
      stage.page.ask({ ...query, filter });
      get<{ count: number; exact: boolean }>(`${pathOf(this.list.type.name)}/count`, { query: { filter, search: query['search'] ?? null } })
        .then((count) => (stage.count = count))
        .catch(() => (stage.count = null)); // the stage stands without its figure
    }
  }

  stageOf(record: CrmRecord): Stage | undefined {
    const value = asText(record.fields[this.field.key]);
    return this.stages.find((stage) => (stage.value ?? '') === value);
  }

  /** Shows the record in its new stage at once, then saves; what is refused goes back. */
  async move(record: CrmRecord, to: Stage, at = 0): Promise<Saved | null> {
    const from = this.stageOf(record);
    if (from === to || from === undefined) return null;
    const was = from.page.rows.findIndex((row) => row.id === record.id);
    this.#take(from, record.id);
    this.#put(to, { ...record, fields: { ...record.fields, [this.field.key]: to.value } }, at);
    const saved = await saveChange(this.list.type.name, record, { fields: { [this.field.key]: to.value } });
    if ('record' in saved) to.page.rows = to.page.rows.map((row) => (row.id === record.id ? saved.record : row));
    else {
      this.#take(to, record.id);
      const now = 'conflict' in saved ? saved.conflict.current : record;
      this.#put(this.stageOf(now) ?? from, now, Math.max(0, was));
    }
    return saved;
  }

  #take(stage: Stage, id: string): void {
    const before = stage.page.rows.length;
    stage.page.rows = stage.page.rows.filter((row) => row.id !== id);
    if (stage.count !== null && stage.page.rows.length < before) stage.count = { ...stage.count, count: stage.count.count - 1 };
  }
  #put(stage: Stage, record: CrmRecord, at: number): void {
    stage.page.rows = stage.page.rows.toSpliced(at, 0, record);
    if (stage.count !== null) stage.count = { ...stage.count, count: stage.count.count + 1 };
  }
}
