import type { RecordImportDetails } from '@centralita/cti-server/contracts';
import { session } from '#lib/access/session.svelte.ts';
import { ApiError } from '#lib/api/index.ts';
import { errorFrom } from '#lib/api/errors.ts';

/** Brings a file in and tells how far it is, from 0 to 1. Not `fetch`: only this kind of request tells of its way up. */
export function bringIn(type: string, file: File, onprogress: (part: number) => void, signal: AbortSignal): Promise<RecordImportDetails> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/imports?${new URLSearchParams({ type, name: file.name.slice(-200) }).toString()}`);
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
      if (request.status >= 200 && request.status < 300) resolve(body as RecordImportDetails);
      else reject(errorFrom(request.status, body));
    };
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
