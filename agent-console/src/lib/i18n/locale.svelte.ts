import type { Locale } from '@centralita/cti-server/contracts';
import { locales, overwriteGetLocale } from '#lib/paraglide/runtime.js';

const storageKey = 'centralita.locale';

/** Names of the languages, each in itself: so that everyone finds their own. */
export const languageNames: Record<Locale, string> = { es: 'Español', en: 'English', 'zh-CN': '简体中文', 'zh-TW': '繁體中文' };

/** The best of our languages for what the browser asks for. */
export function chooseLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const lower = tag.toLowerCase();
    if (lower.startsWith('zh')) return /hant|tw|hk|mo/.test(lower) ? 'zh-TW' : 'zh-CN';
    const found = (locales as readonly string[]).find((known) => lower === known.toLowerCase() || lower.startsWith(`${known.toLowerCase()}-`));
    if (found !== undefined) return found as Locale;
  }
  return 'en';
}

function remembered(): Locale | null {
  const saved = typeof localStorage === 'undefined' ? null : localStorage.getItem(storageKey);
  return saved !== null && (locales as readonly string[]).includes(saved) ? (saved as Locale) : null;
}

class LocaleChoice {
  current = $state<Locale>(remembered() ?? chooseLocale(typeof navigator === 'undefined' ? [] : navigator.languages));

  /** Every text on the screen follows at once, without a reload: a call may be going on. */
  choose(locale: Locale): void {
    this.current = locale;
    localStorage.setItem(storageKey, locale);
    document.documentElement.lang = locale;
  }
}

export const locale = new LocaleChoice();
overwriteGetLocale(() => locale.current);
