const storageKey = 'centralita.tab';
/** The page before a reload lets go of its locks a moment after the next one starts. */
const patienceMs = 400;

function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Kept, because a browser may collect a promise that nobody can resolve any more, and the lock with it. */
const holds: (() => void)[] = [];

/** Holds the lock on a name while the page lives. Resolves with whether it is ours. */
function holdName(tabId: string): Promise<boolean> {
  if (navigator.locks === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(patienceMs);
    void navigator.locks
      .request(`centralita-tab-${tabId}`, { signal }, () => {
        resolve(true);
        return new Promise<void>((release) => holds.push(release));
      })
      .catch(() => resolve(false));
  });
}

/**
 * A name for this tab that survives a reload. A duplicated tab starts with a copy of the name: the tab that holds the lock on it keeps it,
 * the other takes a new one.
 */
export async function ownTabId(): Promise<string> {
  const known = sessionStorage.getItem(storageKey) ?? newId();
  const tabId = (await holdName(known)) ? known : newId();
  if (tabId !== known) await holdName(tabId);
  sessionStorage.setItem(storageKey, tabId);
  return tabId;
}
