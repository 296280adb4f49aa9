import type { z } from 'zod';
import { ApiError, errorFrom } from './errors.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RequestOptions<T> {
  body?: unknown;
  /** Checked where a wrong answer would be hard to find later; left out, the server's word is taken. */
  schema?: z.ZodType<T>;
  query?: Record<string, string | number | boolean | null | undefined>;
  signal?: AbortSignal;
  /**
   * Whether asking twice does no harm. True for GET, PUT and DELETE unless said otherwise. Such requests are asked again while the server
   * restarts, for up to {@link patienceMs}.
   */
  repeatable?: boolean;
}

/** What the client needs from the session; given once at start, so that this file knows no screen. */
export interface Guard {
  csrfToken(): string | null;
  /** Resolves true when the person has signed in again, false when they left. */
  signInAgain(): Promise<boolean>;
  /** Reads the session anew: its token may have changed in another tab. */
  refresh(): Promise<void>;
}

export const patienceMs = 15_000;
const pausesMs = [250, 500, 1000, 2000, 3000, 4000];

export interface ClientParts {
  fetch: typeof fetch;
  wait: (ms: number) => Promise<void>;
  now: () => number;
}

/** Makes the one function that all requests go through. */
export function makeClient(guard: Guard, parts: ClientParts) {
  async function once(method: Method, url: string, options: RequestOptions<unknown>): Promise<unknown> {
    const headers: Record<string, string> = { accept: 'application/json' };
    const token = guard.csrfToken();
    if (method !== 'GET' && token !== null) headers['x-csrf-token'] = token;
    if (options.body !== undefined) headers['content-type'] = 'application/json';
    let response: Response;
    try {
      response = await parts.fetch(url, {
        method,
        headers,
        credentials: 'same-origin',
        body: options.body === undefined ? null : JSON.stringify(options.body),
        signal: options.signal ?? null,
      });
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
      throw new ApiError(0, 'offline', 'The server could not be reached.');
    }
    const text = await response.text();
    let body: unknown;
    try {
      body = text === '' ? undefined : JSON.parse(text);
    } catch {
      body = undefined; // not ours: a proxy's page; the status says enough
    }
    if (!response.ok) throw errorFrom(response.status, body);
    return body;
  }

  async function patiently(method: Method, url: string, options: RequestOptions<unknown>): Promise<unknown> {
    const repeatable = options.repeatable ?? (method === 'GET' || method === 'PUT' || method === 'DELETE');
    const begun = parts.now();
    for (let attempt = 0; ; attempt++) {
      try {
        return await once(method, url, options);
      } catch (error) {
        const passing = error instanceof ApiError && (error.status === 0 || error.code === 'unavailable');
        const pause = pausesMs[Math.min(attempt, pausesMs.length - 1)] ?? 4000;
        if (!repeatable || !passing || parts.now() - begun + pause > patienceMs) throw error;
        await parts.wait(pause);
      }
    }
  }

  return async function request<T>(method: Method, path: string, options: RequestOptions<T> = {}): Promise<T> {
    const url = path + queryString(options.query);
    for (let renewed = false; ; renewed = true) {
      try {
        const body = await patiently(method, url, options);
        return options.schema === undefined ? (body as T) : options.schema.parse(body);
      } catch (error) {
        if (!(error instanceof ApiError) || renewed) throw error;
        if (error.code === 'notSignedIn') {
          if (!(await guard.signInAgain())) throw error;
        } else if (error.code === 'badCsrf') {
          await guard.refresh();
        } else throw error;
      }
    }
  };
}

export function queryString(query: RequestOptions<unknown>['query']): string {
  const pairs = Object.entries(query ?? {}).filter((pair): pair is [string, string | number | boolean] => pair[1] !== null && pair[1] !== undefined && pair[1] !== '');
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs.map(([key, value]) => [key, String(value)])).toString()}`;
}
