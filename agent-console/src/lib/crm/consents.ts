import type { Consent, ContactPurpose } from '@centralita/cti-server/contracts';

/** A consent as it stands in a form. */
export interface TypedConsent {
  given: Consent['given'];
  source: string;
  until: string;
  wording: string;
}
export const typedConsent = (consent: Consent | undefined): TypedConsent => ({ given: consent?.given ?? 'unknown', source: consent?.source ?? '', until: consent?.until ?? '', wording: consent?.wording ?? '' });

/** What is sent: nothing where nothing is known and nothing was. When it was given stays as long as the answer stays. */
export function consentOf(purpose: ContactPurpose, typed: TypedConsent, before: Consent | undefined): Partial<Record<ContactPurpose, Consent>> {
  const { given, source, until, wording } = typed;
  if (given === 'unknown' && source === '' && until === '' && wording === '' && before === undefined) return {};
  return { [purpose]: { given, source, wording, until: until === '' ? null : until, at: before?.given === given ? before.at : null } };
}
