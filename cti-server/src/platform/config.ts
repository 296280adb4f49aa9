import { z } from 'zod';

/**
 * All settings of cti-server, read once at the start. Each says what it is for; a wrong one stops the start with the setting's name and
 * what it would break.
 */
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const list = z.string().transform((value) => value.split(',').map((part) => part.trim()).filter((part) => part !== ''));
const port = z.coerce.number().int().min(0).max(65_535);

const settings = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres://').describe('the Postgres that holds the truth'),
  REDIS_URL: z.string().regex(/^rediss?:\/\//, 'must begin with redis://').optional().describe('jobs and fan-out on Redis; without it on Postgres'),
  HTTP_HOST: z.string().default('127.0.0.1').describe('address the console and the API listen on'),
  HTTP_PORT: port.default(8080).describe('port the console and the API listen on'),
  PUBLIC_URL: z.url().default('http://127.0.0.1:8080').describe('address that people type: cookies, origin checks and links follow it'),
  DEMO_MODE: flag.default(false).describe('demo data, demo logins and the Ring me button'),
  CONSOLE_DIR: z.string().default('agent-console/build').describe('the built console'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('how much is logged'),
  DEFAULT_COUNTRY: z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters, for instance ES').default('ES').describe('country of numbers written without one'),
  BARRED_NUMBERS: list.default(['premium']).describe('what nobody may call: beginnings of numbers with their country, separated by commas, or premium for all premium-rate numbers'),
  EMERGENCY_NUMBERS: list.default(['112']).describe('short numbers that are always dialled as they are, separated by commas'),
  TIME_ZONE: z.string().refine(isTimeZone, 'must be a zone name such as Europe/Madrid').default('Europe/Madrid').describe('where the company’s day begins'),
  TELEPHONY: z.enum(['asterisk', 'simulated']).default('asterisk').describe('which kind of phone line'),
  LINE_ID: z.string().regex(/^[a-z0-9-]{1,32}$/).default('main').describe('name of the phone line that this server holds'),
  ARI_URL: z.url().default('http://127.0.0.1:8088').describe('Asterisk’s REST interface'),
  ARI_USER: z.string().default('centralita').describe('user in Asterisk’s ari.conf'),
  ARI_PASSWORD: z.string().default('').describe('password in Asterisk’s ari.conf'),
  TRUNK_DIAL: z.string().includes('{number}', { message: 'must contain {number}' }).optional().describe('how Asterisk reaches a number: a dial string with {number} in it; without it PJSIP/{number}@trunk'),
  SIP_DOMAIN: z.string().default('centralita').describe('domain in the SIP addresses of browsers and desk phones'),
  SIP_WS_URL: z.string().regex(/^(wss?:\/\/|\/)/, 'must be ws://…, wss://… or a path').default('ws://127.0.0.1:8088/ws').describe('where browsers reach Asterisk’s SIP websocket'),
  SIP_PORT: port.default(5060).describe('UDP port where desk phones reach Asterisk'),
  SIP_MEDIA_ADDRESS: z.string().optional().describe('address for sound that Asterisk tells browsers and phones; set for loopback-only installations'),
  SPEECH_COMMAND: z
    .string()
    .default('espeak-ng')
    .transform((given) => (given.startsWith('[') ? (JSON.parse(given) as unknown) : given.split(/\s+/)))
    .pipe(z.array(z.string().min(1)).min(1))
    .describe('program and leading arguments of espeak-ng, which speaks the prompts of call flows; a JSON list where one has spaces'),
  SOUNDS_DIR: z
    .string()
    .regex(/^\/[^,]*$/, 'must be a whole path without a comma')
    .optional()
    .describe('folder for the sounds of call flows, which the switch reads at the same path'),
  METRICS_TOKEN: z.string().min(8).optional().describe('bearer token for /metrics; without it only this machine may read them'),
  SETUP_CODE: z.string().min(6).optional().describe('code asked at the first start; without it one is made and logged'),
  FIELD_KEY: z.string().min(32, 'must have at least 32 characters').optional().describe('key of encrypted fields, kept outside the database; without it none can be made'),
  CAPTCHA_VERIFY_URL: z.url().optional().describe('where answers to the captcha of web forms are verified (siteverify of reCAPTCHA, hCaptcha, Turnstile); without it there is none'),
  CAPTCHA_SECRET: z.string().min(1).optional().describe('secret key of the captcha’s service'),
  TRUST_PROXY: flag.default(false).describe('believe X-Forwarded-For of the proxy in front'),
});

export interface Config {
  databaseUrl: string;
  redisUrl: string | undefined;
  httpHost: string;
  httpPort: number;
  publicUrl: URL;
  demoMode: boolean;
  consoleDir: string;
  logLevel: string;
  defaultCountry: string;
  barredNumbers: readonly string[];
  emergencyNumbers: readonly string[];
  timeZone: string;
  telephony: 'asterisk' | 'simulated';
  lineId: string;
  ariUrl: string;
  ariUser: string;
  ariPassword: string;
  trunkDial: string | undefined;
  sipDomain: string;
  sipWebSocketUrl: string;
  sipPort: number;
  sipMediaAddress: string | undefined;
  speechCommand: readonly string[];
  soundsDir: string | undefined;
  metricsToken: string | undefined;
  setupCode: string | undefined;
  fieldKey: string | undefined;
  captchaVerifyUrl: string | undefined;
  captchaSecret: string | undefined;
  trustProxy: boolean;
}

export class WrongConfig extends Error {
  override readonly name = 'WrongConfig';
}

/** Reads the settings from an environment. Throws {@link WrongConfig} naming each wrong setting and what it would break. */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const read = settings.safeParse(given);
  if (!read.success) {
    const lines = read.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      const purpose = name in settings.shape ? settings.shape[name as keyof typeof settings.shape].description : undefined;
      return `  ${name} (${purpose ?? 'unknown setting'}): ${issue.message}`;
    });
    throw new WrongConfig(`The configuration cannot be used:\n${lines.join('\n')}`);
  }
  const s = read.data;
  return {
    databaseUrl: s.DATABASE_URL,
    redisUrl: s.REDIS_URL,
    httpHost: s.HTTP_HOST,
    httpPort: s.HTTP_PORT,
    publicUrl: new URL(s.PUBLIC_URL),
    demoMode: s.DEMO_MODE,
    consoleDir: s.CONSOLE_DIR,
    logLevel: s.LOG_LEVEL,
    defaultCountry: s.DEFAULT_COUNTRY,
    barredNumbers: s.BARRED_NUMBERS,
    emergencyNumbers: s.EMERGENCY_NUMBERS,
    timeZone: s.TIME_ZONE,
    telephony: s.TELEPHONY,
    lineId: s.LINE_ID,
    ariUrl: s.ARI_URL,
    ariUser: s.ARI_USER,
    ariPassword: s.ARI_PASSWORD,
    trunkDial: s.TRUNK_DIAL,
    sipDomain: s.SIP_DOMAIN,
    sipWebSocketUrl: s.SIP_WS_URL,
    sipPort: s.SIP_PORT,
    sipMediaAddress: s.SIP_MEDIA_ADDRESS,
    speechCommand: s.SPEECH_COMMAND,
    soundsDir: s.SOUNDS_DIR,
    metricsToken: s.METRICS_TOKEN,
    setupCode: s.SETUP_CODE,
    fieldKey: s.FIELD_KEY,
    captchaVerifyUrl: s.CAPTCHA_VERIFY_URL,
    captchaSecret: s.CAPTCHA_SECRET,
    trustProxy: s.TRUST_PROXY,
  };
}

/** Names of all settings, for the operators' page and for the check of docker-compose.yml. */
export const settingNames: readonly string[] = Object.keys(settings.shape);

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
