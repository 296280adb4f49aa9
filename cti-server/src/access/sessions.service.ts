import type { Locale, Session } from '../contracts/index.ts';
import { locale as localeSchema } from '../contracts/index.ts';
import { Refusal } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Viewer } from '../platform/viewer.ts';
import { inTransaction } from './access.store.ts';
import type { AccessContext } from './access.context.ts';
import { recordAudit } from './audit.store.ts';
import { changesBetween } from './audit-rules.ts';
import { demoPassword } from './demo-logins.ts';
import { hashPassword, isPassword } from './passwords.ts';
import { allowanceOf, sortRights } from './role-rules.ts';
import { hashToken, newToken, seenEveryMs, sessionEnd } from './session-rules.ts';
import { deleteExpiredSessions, deleteSession, deleteSessionsOf, findLiveSession, insertSession, touchSession } from './sessions.store.ts';
import type { Transaction } from './access.store.ts';
import { addressKey, failuresPerAddress, failuresPerLoginAndAddress, loginKey, ownPasswordKey } from './throttle-rules.ts';
import { claimAttempt, countFailure, dropOldFailures, forgetFailures, refuseWhileBlocked } from './throttle.store.ts';
import { changePasswordHash, findPasswordOf, findProfile, findSecretByLogin, markSignedIn, savePreferences } from './users.store.ts';

/** Where a request comes from, for the session's row and the brake on guessing. */
export interface RequestOrigin {
  address: string;
  userAgent: string;
}

/** Signing in and out, and who is behind a cookie. */
export function createSessions(context: AccessContext) {
  const { database, clock, config, cache, endings, turns } = context;

  async function resolveViewer(token: string): Promise<Viewer | null> {
    const tokenHash = hashToken(token);
    if (tokenHash === null) return null;
    const nowMs = clock.now();
    let session = cache.find(tokenHash, nowMs);
    if (!session) {
      const generation = cache.generation;
      const row = await findLiveSession(database, tokenHash, nowMs);
      if (!row) return null;
      const allowance = allowanceOf(row.roles);
      session = {
        viewer: {
          userId: row.userId,
          sessionId: row.id,
          login: row.login,
          name: row.name,
          locale: toLocale(row.locale),
          rights: allowance.rights,
          scope: allowance.scope,
          recordRights: allowance.recordRights,
          teamIds: row.teamIds,
          roleIds: row.roles.map((role) => role.id),
          csrfToken: row.csrfToken,
        },
        createdAtMs: row.createdAt.getTime(),
        seenAtMs: row.seenAt.getTime(),
        expiresAtMs: row.expiresAt.getTime(),
        loadedAtMs: nowMs,
      };
      cache.keep(tokenHash, session, generation);
    }
    if (nowMs - session.seenAtMs >= seenEveryMs) {
      // said first, so that the requests that come meanwhile do not write it too
      session.seenAtMs = nowMs;
      session.expiresAtMs = sessionEnd(session.createdAtMs, nowMs);
      await touchSession(database, session.viewer.sessionId, nowMs, session.expiresAtMs);
    }
    return session.viewer;
  }

  /** Opens a session in a transaction; the token goes into the cookie and is kept nowhere. */
  async function open(tx: Transaction, userId: string, origin: RequestOrigin): Promise<{ token: string }> {
    const nowMs = clock.now();
    const token = newToken();
    await insertSession(tx, {
      id: newId(nowMs),
      tokenHash: hashToken(token) ?? '',
      csrfToken: newToken(),
      userId,
      createdAt: new Date(nowMs),
      expiresAt: new Date(sessionEnd(nowMs, nowMs)),
      address: origin.address,
      userAgent: origin.userAgent.slice(0, 300),
    });
    return { token };
  }

  /**
   * Checks login and password and opens a session; the one that the browser had before ends. Throws 401 `wrongCredentials` (the same,
   * after the same time, whether the login, the password or the account's being active is what is wrong) and 429 `tooManyAttempts`.
   */
  async function signIn(input: { login: string; password: string }, origin: RequestOrigin, before: Viewer | null): Promise<{ token: string }> {
    const byAddress = addressKey(origin.address);
    const byLogin = loginKey(input.login.normalize('NFC'), origin.address);
    return turns.inTurn(async () => {
      await refuseWhileBlocked(database, byAddress, clock.now());
      await claimAttempt(database, byLogin, failuresPerLoginAndAddress, clock.now());
      const user = await findSecretByLogin(database, input.login);
      const matches = await isPassword(user?.passwordHash ?? null, input.password);
      // the demo's password is in the manual: a database that once held the demo must not stay open to all
      const allowed = matches && (config.demoMode || input.password !== demoPassword);
      const opened = user && allowed ? await inTransaction(database, async (tx) => {
        // takes the user's row: whoever deactivates this user or changes the password comes wholly before or wholly after
        const marked = await markSignedIn(tx, user.id, user.passwordHash, clock.now());
        if (!marked) return null;
        await recordAudit(tx, clock.now(), { userId: user.id, name: user.name }, 'signedIn', 'session', user.id, from(origin));
        return open(tx, user.id, origin);
      }) : null;
      if (!opened) {
        await countFailure(database, byAddress, failuresPerAddress, clock.now());
        // nobody knows who it was; and what was typed as a login is now and then a password
        await recordAudit(database, clock.now(), null, 'signInFailed', 'session', user?.id ?? 'unknown', from(origin));
        throw new Refusal(401, 'wrongCredentials', 'The login or the password is wrong.');
      }
      await forgetFailures(database, byLogin);
      if (before) await signOut(before);
      return opened;
    });
  }

  async function signOut(viewer: Viewer): Promise<void> {
    const ended = await inTransaction(database, async (tx) => {
      const gone = await deleteSession(tx, viewer.sessionId);
      if (gone.length > 0) await recordAudit(tx, clock.now(), viewer, 'signedOut', 'session', viewer.userId, {});
      return gone;
    });
    await endings.tell(ended, 'signedOut');
  }

  async function describe(viewer: Viewer): Promise<Session> {
    const profile = await findProfile(database, viewer.userId);
    if (!profile) throw new Refusal(401, 'notSignedIn', 'Sign in first.');
    return {
      user: {
        id: viewer.userId,
        login: profile.login,
        name: profile.name,
        locale: toLocale(profile.locale),
        theme: profile.theme === 'light' || profile.theme === 'dark' ? profile.theme : 'system',
        teamIds: [...viewer.teamIds],
        rights: sortRights(viewer.rights),
        scope: viewer.scope,
      },
      csrfToken: viewer.csrfToken,
      demoMode: config.demoMode,
    };
  }

  async function changePreferences(viewer: Viewer, wanted: { locale?: Locale | undefined; theme?: 'light' | 'dark' | 'system' | undefined }): Promise<Session> {
    await inTransaction(database, async (tx) => {
      const before = await findProfile(tx, viewer.userId);
      if (!before) return;
      const after = { locale: wanted.locale ?? before.locale, theme: wanted.theme ?? before.theme };
      const changes = changesBetween({ locale: before.locale, theme: before.theme }, after);
      if (Object.keys(changes).length === 0) return;
      await savePreferences(tx, viewer.userId, after, after.locale !== before.locale);
      await recordAudit(tx, clock.now(), viewer, 'changed', 'user', viewer.userId, changes);
    });
    cache.dropUser(viewer.userId);
    return describe(viewer);
  }

  /** Sets a new password and ends the user's other sessions. Throws 400 `wrongPassword`, 429 `tooManyAttempts`. */
  async function changePassword(viewer: Viewer, input: { currentPassword: string; newPassword: string }): Promise<void> {
    context.refuseDemoPassword(input.newPassword, 'newPassword');
    await turns.inTurn(async () => {
      const key = ownPasswordKey(viewer.userId);
      await claimAttempt(database, key, failuresPerLoginAndAddress, clock.now());
      const kept = await findPasswordOf(database, viewer.userId);
      if (!(await isPassword(kept, input.currentPassword))) {
        throw new Refusal(400, 'wrongPassword', 'The current password is not right.', { field: 'currentPassword' });
      }
      const passwordHash = await hashPassword(input.newPassword);
      const ended = await inTransaction(database, async (tx) => {
        const changed = await changePasswordHash(tx, viewer.userId, kept ?? '', passwordHash);
        if (!changed) throw new Refusal(400, 'wrongPassword', 'The password was changed meanwhile.', { field: 'currentPassword' });
        await recordAudit(tx, clock.now(), viewer, 'passwordChanged', 'user', viewer.userId, {});
        return deleteSessionsOf(tx, viewer.userId, viewer.sessionId);
      });
      await forgetFailures(database, key);
      await endings.tell(ended, 'passwordChanged');
    });
  }

  /** Ends the sessions whose time is over and forgets old failures. To be run every minute. */
  async function expire(nowMs: number): Promise<{ ended: number }> {
    const ended = await deleteExpiredSessions(database, nowMs);
    await endings.tell(ended, 'expired');
    await dropOldFailures(database, nowMs);
    return { ended: ended.length };
  }

  return { resolveViewer, open, signIn, signOut, describe, changePreferences, changePassword, expire };
}
export type Sessions = ReturnType<typeof createSessions>;

/** Where it came from, as a line of the audit has it. */
const from = ({ address }: RequestOrigin) => changesBetween(null, { address });
const toLocale = (text: string): Locale => localeSchema.catch('es').parse(text);
