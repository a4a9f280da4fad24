import { resolve } from 'node:path'
import { z } from 'zod'
import { logLevels } from './log.js'

const absent = (value: unknown): unknown => (value === '' ? undefined : value)
const text = z.preprocess(absent, z.string().optional())
const folder = (fallback: string) =>
  z.preprocess(
    absent,
    z
      .string()
      .default(fallback)
      .transform((path) => resolve(path)),
  )

const schema = z.object({
  PORT: z.preprocess(absent, z.coerce.number().int().min(0).max(65535).default(3000)),
  HOST: z.preprocess(absent, z.string().default('127.0.0.1')),
  PUBLIC_URL: z.preprocess(absent, z.url({ protocol: /^https?$/ }).optional()),
  DATA_DIR: folder('data'),
  MONGODB_URI: z.preprocess(
    absent,
    z
      .string()
      .regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://')
      .optional(),
  ),
  SESSION_SECRET: z.preprocess(absent, z.string().min(32).optional()),
  KEYS_DIR: text,
  TRUST_PROXY: z.preprocess(absent, z.coerce.number().int().min(0).max(10).default(0)),
  SMTP_URL: z.preprocess(absent, z.url({ protocol: /^smtps?$/ }).optional()),
  COURSES_DIR: folder('courses'),
  CERTIFICATES_DIR: folder('certificates'),
  LOG_LEVEL: z.preprocess(absent, z.enum(logLevels).default('info')),
})

/** What the environment says, checked (interface, *Configuration*). Folders are absolute paths. */
export interface Config {
  port: number
  host: string
  publicUrl: string
  dataDir: string
  mongodbUri?: string
  sessionSecret?: string
  keysDir: string
  /** How many proxies stand in front and may be believed about the caller's address. */
  trustProxy: number
  smtpUrl?: string
  coursesDir: string
  certificatesDir: string
  logLevel: (typeof logLevels)[number]
}

/** The file in which what was made of the courses is kept for the next start (decision 5). */
export const coursesKeptIn = ({ dataDir }: Pick<Config, 'dataDir'>): string =>
  resolve(dataDir, 'courses.kept')

/** A wrong setting: one line that names the variable and says what is wrong with it. */
export class ConfigError extends Error {}

/** Reads the configuration. Throws `ConfigError` at the first value that cannot be used. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const parsed = schema.safeParse(environment)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new ConfigError(
      `${issue?.path.join('.') ?? 'configuration'}: ${issue?.message ?? 'wrong'}`,
    )
  }
  const env = parsed.data
  return {
    port: env.PORT,
    host: env.HOST,
    publicUrl: (env.PUBLIC_URL ?? `http://${env.HOST}:${env.PORT}`).replace(/\/$/, ''),
    dataDir: env.DATA_DIR,
    keysDir: env.KEYS_DIR ? resolve(env.KEYS_DIR) : resolve(env.DATA_DIR, 'keys'),
    trustProxy: env.TRUST_PROXY,
    coursesDir: env.COURSES_DIR,
    certificatesDir: env.CERTIFICATES_DIR,
    logLevel: env.LOG_LEVEL,
    ...(env.MONGODB_URI ? { mongodbUri: env.MONGODB_URI } : {}),
    ...(env.SESSION_SECRET ? { sessionSecret: env.SESSION_SECRET } : {}),
    ...(env.SMTP_URL ? { smtpUrl: env.SMTP_URL } : {}),
  }
}
