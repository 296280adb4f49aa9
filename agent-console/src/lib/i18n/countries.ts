import { getCountries } from 'libphonenumber-js/min';

/** Every country that has telephone numbers, by its ISO code. */
export const countries: readonly string[] = getCountries();
