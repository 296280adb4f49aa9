import { z } from 'zod';

const settings = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres://'),
  LOG_LEVEL: z.string().default('info'),
});

/** Throws with the name of each wrong setting and what it would break. */
export function readConfig(environment: Record<string, string | undefined> = process.env): { databaseUrl: string; logLevel: string } {
  const read = settings.safeParse(environment);
  if (!read.success) {
    throw new Error(`The configuration cannot be used:\n${read.error.issues.map((issue) => `  ${String(issue.path[0])}: ${issue.message}`).join('\n')}`);
  }
  return { databaseUrl: read.data.DATABASE_URL, logLevel: read.data.LOG_LEVEL };
}
