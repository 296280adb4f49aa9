/**
 * The one spelling in which numbers are compared: trunks write the same number as +34910000001, 0034910000001 or 34910000001. Short
 * internal numbers such as 900 or 00 stay as they are. The unique index `numbers_spelling` computes the same.
 */
export const canonicalNumber = (number: string): string => number.replace(/^(\+|00)(?=[0-9]{3})/, '');

/** Removes what only makes a number readable. Digits, `*`, `#` and a leading plus sign stay. */
export const withoutDecoration = (number: string): string => number.replace(/[\s().\-/]/g, '');
