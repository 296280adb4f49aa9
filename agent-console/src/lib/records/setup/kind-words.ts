import type { FieldKind } from '@centralita/cti-server/contracts';
import { m } from '#lib/i18n/index.ts';

export const kindWords: Record<FieldKind, () => string> = {
  text: () => m.records_kind_text(),
  longText: () => m.records_kind_longText(),
  number: () => m.records_kind_number(),
  money: () => m.records_kind_money(),
  date: () => m.records_kind_date(),
  instant: () => m.records_kind_instant(),
  pick: () => m.records_kind_pick(),
  multiPick: () => m.records_kind_multiPick(),
  phone: () => m.records_kind_phone(),
  email: () => m.records_kind_email(),
  link: () => m.records_kind_link(),
  user: () => m.records_kind_user(),
  file: () => m.records_kind_file(),
  yesNo: () => m.records_kind_yesNo(),
};
