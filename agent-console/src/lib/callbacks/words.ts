import type { Callback, CallbackState } from '@centralita/cti-server/contracts';
import { ApiError, wordError } from '#lib/api/index.ts';
import { locale, m, phoneNumber } from '#lib/i18n/index.ts';

export const wordKind: Record<Callback['kind'], () => string> = { personal: () => m.callbacks_kind_personal(), queue: () => m.callbacks_kind_queue(), keptPlace: () => m.callbacks_kind_keptPlace(), web: () => m.callbacks_kind_web() };
export const wordOutcome: Record<NonNullable<Callback['lastOutcome']>, () => string> = {
  answered: () => m.callbacks_outcome_answered(),
  busy: () => m.callbacks_outcome_busy(),
  noAnswer: () => m.callbacks_outcome_noAnswer(),
  rejected: () => m.callbacks_outcome_rejected(),
  unreachable: () => m.callbacks_outcome_unreachable(),
  failed: () => m.callbacks_outcome_failed(),
  cancelled: () => m.callbacks_outcome_cancelled(),
};
const states: Record<CallbackState, (name: string) => string> = {
  open: () => m.callbacks_state_open(),
  claimed: (name) => m.callbacks_state_claimed({ name }),
  calling: () => m.callbacks_state_calling(),
  done: () => m.callbacks_state_done(),
  failed: () => m.callbacks_state_failed(),
  cancelled: () => m.callbacks_state_cancelled(),
};
export const wordState = (one: Callback): string => states[one.state](one.claimedBy?.name ?? '');
export const isOver = (one: Pick<Callback, 'state'>): boolean => one.state === 'done' || one.state === 'failed' || one.state === 'cancelled';
export const nameOf = (one: Pick<Callback, 'contactName' | 'number'>): string => one.contactName || phoneNumber(one.number);

const errors: Record<string, () => string> = {
  callbackTaken: () => m.callbacks_error_taken(),
  callbackEnded: () => m.callbacks_error_ended(),
  callbackCalling: () => m.callbacks_error_calling(),
  invalidNumber: () => m.callbacks_error_number(),
  inThePast: () => m.callbacks_error_past(),
  tooFarAhead: () => m.callbacks_error_far(),
};
export const wordCallbackError = (error: unknown): string => (error instanceof ApiError ? errors[error.code]?.() : undefined) ?? wordError(error);

/** Day and hour on the clocks of a zone, with the day of the week. */
export const timeThere = (at: string, timeZone: string): string =>
  new Intl.DateTimeFormat(locale.current, { timeZone, weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at));

/** `Europe/Madrid` as people read it, with how far it is from UTC at that moment. */
export function wordZone(timeZone: string, atMs: number): string {
  const offset = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' }).formatToParts(atMs).find((part) => part.type === 'timeZoneName')?.value ?? '';
  return `${timeZone.replaceAll('_', ' ').replace(/^[^/]+\//, '')} (${offset.replace('GMT', 'UTC')})`;
}
