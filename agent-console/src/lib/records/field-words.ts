import type { Labels, Locale, RecordField } from '@centralita/cti-server/contracts';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { duration } from '#lib/i18n/format.ts';

/** How the values of fields are written for a reader. Pure: the locale is an argument. */

export interface Reader {
  locale: Locale;
  /** Names behind the ids of users and linked records. */
  names: Readonly<Record<string, string>>;
  yes: string;
  no: string;
}

/** The word in the reader's language; one that nobody translated yet is better than none. */
export function labelIn(labels: Labels, locale: Locale): string {
  return [labels[locale], labels.en, labels.es, labels['zh-CN'], labels['zh-TW']].find((word) => word.trim() !== '') ?? '';
}

type ValueField = Pick<RecordField, 'kind' | 'options'> & Partial<Pick<RecordField, 'readOnly' | 'unit'>>;

/** A value as one line of text; nothing for no value. An id without a name shows as an ellipsis, never as itself. */
export function wordValue(field: ValueField, value: unknown, reader: Reader): string {
  if (value === null || value === undefined || value === '') return '';
  switch (field.kind) {
    case 'text':
    case 'longText':
    case 'email':
      return asText(value);
    case 'phone':
      return parsePhoneNumberFromString(asText(value))?.formatInternational() ?? asText(value);
    case 'number':
      if (field.unit === 'seconds' && typeof value === 'number') return duration(value * 1000);
      // A number that the product gives is a name, as a ticket's: it has no thousands.
      return typeof value === 'number' ? new Intl.NumberFormat(reader.locale, { maximumFractionDigits: 6, useGrouping: field.readOnly !== true }).format(value) : asText(value);
    case 'money':
      return wordMoney(asText(value), reader.locale);
    case 'date':
      return wordDate(asText(value), reader.locale);
    case 'instant':
      return wordInstant(asText(value), reader.locale);
    case 'pick':
      return optionWord(field.options, asText(value), reader.locale);
    case 'multiPick':
      return listOf(value)
        .map((one) => optionWord(field.options, one, reader.locale))
        .join(', ');
    case 'link':
    case 'user':
    case 'file':
      return reader.names[asText(value)] ?? '…';
    case 'yesNo':
      return value === true ? reader.yes : reader.no;
  }
}

export function optionWord(options: RecordField['options'], value: string, locale: Locale): string {
  const option = options.find((one) => one.value === value);
  return option === undefined ? value : labelIn(option.label, locale) || value;
}

export const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(asText) : value === null || value === undefined || value === '' ? [] : [asText(value)]);
export const asText = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : value === null || value === undefined ? '' : JSON.stringify(value));

function wordMoney(amount: string, locale: Locale): string {
  // The format takes a decimal text as it is: no cent is lost in a floating number on the way.
  if (!/^-?\d+(\.\d+)?$/.test(amount)) return amount;
  return new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(amount as `${number}`);
}

function wordDate(date: string, locale: Locale): string {
  const day = new Date(`${date}T00:00:00Z`);
  // A day is a day everywhere: read and written in UTC, so that no zone moves it.
  return Number.isNaN(day.getTime()) ? date : new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(day);
}

function wordInstant(at: string, locale: Locale): string {
  const instant = new Date(at);
  if (Number.isNaN(instant.getTime())) return at;
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(instant);
}
