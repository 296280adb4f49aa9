import { m } from '#lib/i18n/index.ts';
import { ApiError, fieldIssues } from './errors.ts';

const known = {
  offline: () => m.error_offline(),
  unavailable: () => m.error_unavailable(),
  notSignedIn: () => m.error_notSignedIn(),
  badCsrf: () => m.error_badCsrf(),
  forbidden: () => m.error_forbidden(),
  notFound: () => m.error_notFound(),
  invalidBody: () => m.error_invalidBody(),
  malformedJson: () => m.error_malformedJson(),
  bodyTooLarge: () => m.error_bodyTooLarge(),
  changedMeanwhile: () => m.error_changedMeanwhile(),
  inUse: () => m.error_inUse(),
  alreadyExists: () => m.error_alreadyExists(),
  wrongCredentials: () => m.error_wrongCredentials(),
  wrongPassword: () => m.error_wrongPassword(),
  wrongSetupCode: () => m.error_wrongSetupCode(),
  wrongState: () => m.error_wrongState(),
  ownAccount: () => m.error_ownAccount(),
  lastAdministrator: () => m.error_lastAdministrator(),
  noQueue: () => m.error_noQueue(),
  speechUnavailable: () => m.ivr_speech_unavailable(),
  flowHasErrors: () => m.ivr_flow_has_errors(),
  noFieldKey: () => m.error_noFieldKey(),
  noSipAccount: () => m.error_switch_unreachable(),
  notANumber: () => m.error_notANumber(),
  barredNumber: () => m.error_barredNumber(),
  agentNotFree: () => m.error_agentNotFree(),
  noDevice: () => m.error_noDevice(),
  ownNumber: () => m.error_ownNumber(),
} satisfies Record<string, () => string>;

/** A failure in the reader's words: what happened and what to do now. */
export function wordError(error: unknown): string {
  if (!(error instanceof ApiError)) return m.error_unknown({ code: error instanceof Error ? error.name : 'error' });
  const seconds = String(error.details['retryAfterSeconds'] ?? 30);
  if (error.code === 'tooManyRequests') return m.error_tooManyRequests({ seconds });
  if (error.code === 'tooManyAttempts') return m.error_tooManyAttempts({ seconds });
  return known[error.code as keyof typeof known]?.() ?? m.error_unknown({ code: error.code });
}

/** The words for each field of a form that the server did not take. */
export function wordFields(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  return Object.fromEntries([...fieldIssues(error)].map(([field, code]) => [field, wordFieldCode(code)]));
}

function wordFieldCode(code: string): string {
  if (code === 'too_small') return m.error_field_too_short();
  if (code === 'too_big') return m.error_field_too_long();
  return known[code as keyof typeof known]?.() ?? m.error_field_invalid();
}
