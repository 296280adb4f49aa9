import { pino } from 'pino';

/** What slices and adapters need of a logger. Fields carry ids; the text carries no personal data. */
export interface Logger {
  debug(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/** JSON lines on standard output. Passwords, tokens and cookies are blanked wherever they appear at the named places. */
export function createLogger(level: string) {
  return pino({
    level,
    redact: {
      paths: ['password', '*.password', 'token', '*.token', 'req.headers.cookie', 'req.headers.authorization', 'headers.cookie'],
      censor: '[hidden]',
    },
  });
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
