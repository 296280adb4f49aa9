import type { RecordAction, RecordType } from '@centralita/cti-server/contracts';
import { get, wordError } from '#lib/api/index.ts';
import { locale } from '#lib/i18n/index.ts';
import { labelIn } from './field-words.ts';

/** The record types that the viewer may read, as the server declares them. All screens of records are drawn from here. */
class RecordTypes {
  all = $state.raw<RecordType[]>([]);
  phase = $state<'unknown' | 'loading' | 'there' | 'failed'>('unknown');
  failure = $state('');

  /** Reads them once; `anew` after an administrator changed fields or layout. */
  async load(anew = false): Promise<void> {
    if (!anew && (this.phase === 'loading' || this.phase === 'there')) return;
    if (this.phase !== 'there') this.phase = 'loading';
    try {
      this.all = (await get<{ items: RecordType[] }>('/api/record-types')).items;
      this.phase = 'there';
    } catch (error) {
      this.failure = wordError(error);
      if (this.phase !== 'there') this.phase = 'failed';
      else throw error;
    }
  }

  named(name: string | undefined): RecordType | undefined {
    return this.all.find((type) => type.name === name);
  }

  put(type: RecordType): void {
    this.all = this.all.map((one) => (one.name === type.name ? type : one));
  }
}

export const recordTypes = new RecordTypes();
/** Whether the viewer may do something with at least some records of the type. */
export const mayWith = (type: RecordType, action: RecordAction): boolean => type.may[action] !== 'none';
/** A label in the language the reader chose; follows when it changes. */
export const label = (labels: Parameters<typeof labelIn>[0]): string => labelIn(labels, locale.current);
