import { errorBody } from '@centralita/cti-server/contracts';

/** What the server answered instead of what was asked for. `status` 0: it could not be reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  readonly details: Record<string, unknown>;

  constructor(status: number, code: string, message: string, field?: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.field = field;
    this.details = details;
  }
}

/** Reads the body of an error answer; a proxy's page in between becomes `unavailable` or `unknown`. */
export function errorFrom(status: number, body: unknown): ApiError {
  const parsed = errorBody.safeParse(body);
  if (parsed.success) {
    const { code, message, field, details } = parsed.data.error;
    return new ApiError(status, code, message, field, details);
  }
  const code = status >= 502 && status <= 504 ? 'unavailable' : status === 401 ? 'notSignedIn' : status === 429 ? 'tooManyRequests' : 'unknown';
  return new ApiError(status, code, `HTTP ${status}`);
}

/** The issues of an `invalidBody` answer, one code per field, for showing at the fields. */
export function fieldIssues(error: ApiError): Map<string, string> {
  const found = new Map<string, string>();
  const issues = error.details['issues'];
  if (Array.isArray(issues)) {
    for (const issue of issues as { field?: unknown; code?: unknown }[]) {
      if (typeof issue.field === 'string' && issue.field !== '' && !found.has(issue.field)) found.set(issue.field, typeof issue.code === 'string' ? issue.code : 'invalid');
    }
  }
  const field = error.field?.replace(/^\//, '').replaceAll('/', '.');
  if (field !== undefined && field !== '' && !found.has(field)) found.set(field, error.code === 'invalidBody' ? 'invalid' : error.code);
  return found;
}
