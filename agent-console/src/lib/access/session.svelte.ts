import { session as sessionSchema, type Locale, type Right, type Session } from '@centralita/cti-server/contracts';
import { z } from 'zod';
import { ApiError, get, guardRequests, patch, post, remove } from '#lib/api/index.ts';
import { locale } from '#lib/i18n/locale.svelte.ts';
import { appearance, type Theme } from '#lib/ui/appearance.svelte.ts';

const publicFacts = z.object({
  demoMode: z.boolean(),
  setupNeeded: z.boolean(),
  version: z.string(),
  companyName: z.string().nullable().catch(null),
  locale: z.string().nullable().catch(null),
  demoLogins: z.array(z.object({ login: z.string(), password: z.string(), role: z.string() })).catch([]),
});
export type PublicFacts = z.infer<typeof publicFacts>;

type Phase = 'unknown' | 'signedOut' | 'signedIn' | 'expired';

/** Who sits here. An expired session keeps the person and the screen: only a dialog asks for the password again. */
class CurrentSession {
  phase = $state<Phase>('unknown');
  now = $state.raw<Session | null>(null);
  facts = $state.raw<PublicFacts | null>(null);
  #waiting: ((signedIn: boolean) => void)[] = [];
  #onRenewed: (() => void)[] = [];
  #onSignedInAgain: (() => void)[] = [];

  /** Reads who is signed in. Throws {@link ApiError} when the server cannot be reached. */
  async load(): Promise<void> {
    const answer = await this.#read();
    if (answer === null) this.phase = 'signedOut';
    else this.#take(answer);
  }

  async loadPublicFacts(): Promise<PublicFacts> {
    this.facts = await get('/api/public', { schema: publicFacts });
    return this.facts;
  }

  async #read(): Promise<Session | null> {
    // Not through the guarded client: "nobody is signed in" is an answer here, not a reason to ask for the password.
    for (let attempt = 0; ; attempt++) {
      const response = await fetch('/api/session', { headers: { accept: 'application/json' } }).catch(() => null);
      if (response?.status === 401) return null;
      if (response?.ok === true) return sessionSchema.parse(await response.json());
      if (attempt >= 6) throw new ApiError(response?.status ?? 0, response === null ? 'offline' : 'unavailable', 'No session answer.');
      await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt));
    }
  }

  #take(session: Session): void {
    const samePerson = this.now === null || this.now.user.id === session.user.id;
    this.now = session;
    this.phase = 'signedIn';
    locale.choose(session.user.locale);
    appearance.choose(session.user.theme);
    if (!samePerson) {
      // Another person sat down: nothing of the first one may stay on the screen.
      location.assign('/');
      return;
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume(true);
    for (const listener of this.#onRenewed) listener();
  }

  /** Called after each sign-in, so that the socket connects with the new session. */
  onRenewed(listener: () => void): void {
    this.#onRenewed.push(listener);
  }

  /** Called when the person came back from an expired session: the new one has its own account at the switch. */
  onSignedInAgain(listener: () => void): void {
    this.#onSignedInAgain.push(listener);
  }

  async signIn(login: string, password: string): Promise<void> {
    const again = this.phase === 'expired';
    this.#take(await post('/api/session', { login, password }, { schema: sessionSchema }));
    if (again) for (const listener of this.#onSignedInAgain) listener();
  }

  async setUp(body: Record<string, unknown>): Promise<void> {
    this.#take(await post('/api/setup', body, { schema: sessionSchema }));
  }

  async signOut(): Promise<void> {
    await remove('/api/session');
    location.assign('/login');
  }

  /** Asks for the password over the screen as it is. */
  expire(): void {
    if (this.phase === 'signedIn') this.phase = 'expired';
  }

  signInAgain(): Promise<boolean> {
    if (this.now === null) return Promise.resolve(false);
    this.expire();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async refresh(): Promise<void> {
    const answer = await this.#read();
    if (answer === null) this.expire();
    else this.#take(answer);
  }

  may(right: Right): boolean {
    const rights = this.now?.user.rights ?? [];
    if (rights.includes(right)) return true;
    // A right to manage includes the right to read the same thing.
    return right.endsWith('.read') && rights.includes(right.replace(/\.read$/, '.manage') as Right);
  }

  get csrfToken(): string | null {
    return this.now?.csrfToken ?? null;
  }

  async prefer(preferences: { locale?: Locale; theme?: Theme }): Promise<void> {
    if (preferences.locale !== undefined) locale.choose(preferences.locale);
    if (preferences.theme !== undefined) appearance.choose(preferences.theme);
    if (this.phase === 'signedIn') this.now = await patch('/api/session/preferences', preferences, { schema: sessionSchema });
  }
}

export const session = new CurrentSession();

guardRequests({
  csrfToken: () => session.csrfToken,
  signInAgain: () => session.signInAgain(),
  refresh: () => session.refresh(),
});
