export type Theme = 'light' | 'dark' | 'system';

const systemIsDark = typeof window === 'undefined' ? null : window.matchMedia('(prefers-color-scheme: dark)');

function storedTheme(): Theme {
  const stored = typeof localStorage === 'undefined' ? null : localStorage.getItem('centralita.theme');
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

/** Light or dark, and the high contrast of this machine. `static/theme.js` reads the same keys before the first paint. */
class Appearance {
  theme = $state<Theme>(storedTheme());
  moreContrast = $state(typeof localStorage !== 'undefined' && localStorage.getItem('centralita.contrast') === 'more');

  constructor() {
    systemIsDark?.addEventListener('change', () => this.#show());
  }

  choose(theme: Theme): void {
    this.theme = theme;
    localStorage.setItem('centralita.theme', theme);
    this.#show();
  }

  chooseContrast(more: boolean): void {
    this.moreContrast = more;
    localStorage.setItem('centralita.contrast', more ? 'more' : 'normal');
    this.#show();
  }

  #show(): void {
    const dark = this.theme === 'dark' || (this.theme === 'system' && systemIsDark?.matches === true);
    document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
    document.documentElement.dataset['contrast'] = this.moreContrast ? 'more' : 'normal';
  }
}

export const appearance = new Appearance();
