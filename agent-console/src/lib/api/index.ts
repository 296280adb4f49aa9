import { makeClient, type Guard, type RequestOptions } from './request.ts';

export { ApiError } from './errors.ts';
export { wordError, wordFields } from './words.ts';

let guard: Guard = {
  csrfToken: () => null,
  signInAgain: () => Promise.resolve(false),
  refresh: () => Promise.resolve(),
};

/** The session takes its place here at start; requests cannot import it, as it makes requests itself. */
export function guardRequests(by: Guard): void {
  guard = by;
}

const request = makeClient(
  { csrfToken: () => guard.csrfToken(), signInAgain: () => guard.signInAgain(), refresh: () => guard.refresh() },
  {
    fetch: (...args) => fetch(...args),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    now: () => performance.now(),
  },
);

export const get = <T>(path: string, options?: RequestOptions<T>): Promise<T> => request<T>('GET', path, options);
export const post = <T = void>(path: string, body?: unknown, options?: RequestOptions<T>): Promise<T> => request<T>('POST', path, { ...options, body: body ?? {} });
export const put = <T = void>(path: string, body: unknown, options?: RequestOptions<T>): Promise<T> => request<T>('PUT', path, { ...options, body });
export const patch = <T = void>(path: string, body: unknown, options?: RequestOptions<T>): Promise<T> => request<T>('PATCH', path, { ...options, body });
export const remove = <T = void>(path: string, options?: RequestOptions<T>): Promise<T> => request<T>('DELETE', path, options);
