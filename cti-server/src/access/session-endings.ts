import type { Logger } from '../platform/logger.ts';
import type { SessionCache } from './session-cache.ts';

/** Why a session ended: by its owner, by time, by an administrator, or by a new password. */
export type SessionEndReason = 'signedOut' | 'expired' | 'userDeactivated' | 'passwordChanged';
export type SessionEndedListener = (sessionId: string, userId: string, reason: SessionEndReason) => void | Promise<void>;
/** The users whose rights, teams, name or state may have changed; `all` when a role changed. */
export type ViewersChangedListener = (users: readonly string[] | 'all') => void | Promise<void>;

export interface SessionEndings {
  onEnded(listener: SessionEndedListener): void;
  onViewersChanged(listener: ViewersChangedListener): void;
  /** After the commit: forgets the sessions here, then tells everyone. A listener that fails is logged and keeps nobody else from knowing. */
  tell(ended: readonly { id: string; userId: string }[], reason: SessionEndReason): Promise<void>;
  tellViewersChanged(users: readonly string[] | 'all'): Promise<void>;
}

export function createSessionEndings(cache: SessionCache, logger: Logger): SessionEndings {
  const endedListeners: SessionEndedListener[] = [];
  const changedListeners: ViewersChangedListener[] = [];
  const guarded = async (what: string, run: () => void | Promise<void>): Promise<void> => {
    try {
      await run();
    } catch (error) {
      logger.error({ err: error }, what);
    }
  };
  return {
    onEnded: (listener) => void endedListeners.push(listener),
    onViewersChanged: (listener) => void changedListeners.push(listener),
    async tell(ended, reason) {
      for (const userId of new Set(ended.map((session) => session.userId))) cache.dropUser(userId);
      for (const session of ended) {
        for (const listener of endedListeners) await guarded('a listener to ended sessions failed', () => listener(session.id, session.userId, reason));
      }
    },
    async tellViewersChanged(changed) {
      if (changed === 'all') cache.dropAll();
      else for (const userId of changed) cache.dropUser(userId);
      for (const listener of changedListeners) await guarded('a listener to changed users failed', () => listener(changed));
    },
  };
}
