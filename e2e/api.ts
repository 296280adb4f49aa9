/** The HTTP API as a person signed in at it, without a browser. */
import type { Session } from '../cti-server/src/contracts/index.ts';

export interface Api {
  readonly session: Session;
  get<T>(path: string): Promise<T>;
  send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>;
  /** The session cookie, for sockets. */
  readonly cookie: string;
}

/** An answer other than 2xx. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly status: number;
  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

/** Signs in; throws {@link ApiRefusal} when it is refused. */
export async function signIn(url: string, login: string, password: string): Promise<Api> {
  const answer = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ login, password }),
  });
  if (!answer.ok) throw new ApiRefusal(answer.status, await answer.text());
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const session = (await answer.json()) as Session;
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(url + path, {
      method,
      headers: { cookie, origin: url, 'x-csrf-token': session.csrfToken, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new ApiRefusal(response.status, `${method} ${path} answered ${String(response.status)} ${text}`);
    return (text === '' ? null : JSON.parse(text)) as T;
  };
  return { session, cookie, get: (path) => ask('GET', path), send: ask };
}
