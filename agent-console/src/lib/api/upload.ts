import { session } from '#lib/access/session.svelte.ts';
import { errorFrom } from './errors.ts';
import { ApiError } from './index.ts';

/** Sends a file and tells how far it is, from 0 to 1. The one request that is not `fetch`: only this one tells of its way up. */
export function upload<T>(path: string, query: Record<string, string>, file: File, onprogress: (part: number) => void, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${path}?${new URLSearchParams(query).toString()}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('x-csrf-token', session.csrfToken ?? '');
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onprogress(event.loaded / event.total);
    };
    request.onerror = () => reject(new ApiError(0, 'offline', 'The server could not be reached.'));
    request.onabort = () => reject(new DOMException('Taken back.', 'AbortError'));
    request.onload = () => {
      let body: unknown;
      try {
        body = JSON.parse(request.responseText);
      } catch {
        body = undefined; // not ours: a proxy's page; the status says enough
      }
      if (request.status >= 200 && request.status < 300) resolve(body as T);
      else reject(errorFrom(request.status, body));
    };
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
