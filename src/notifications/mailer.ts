import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Transporter } from 'nodemailer'

/** A mail as it leaves: plain text, in one language, with a calendar entry where there is one. */
export interface Mail {
  /** The same mail sent again bears the same id. */
  id: string
  to: string
  subject: string
  text: string
  language: 'en' | 'cy'
  calendar?: { method: 'REQUEST' | 'CANCEL'; content: string }
}

/** Hands a mail over; resolves when the next server, or the disk, has it. */
export type Mailer = (mail: Mail) => Promise<void>

const messageOf = (mail: Mail, from: string) => ({
  from,
  to: mail.to,
  subject: mail.subject,
  text: mail.text,
  messageId: `<${mail.id}@good-standing>`,
  headers: {
    'Content-Language': mail.language,
    // No machine should answer this, and no mailing list pass it on.
    'Auto-Submitted': 'auto-generated',
  },
  ...(mail.calendar
    ? { icalEvent: { method: mail.calendar.method, content: mail.calendar.content } }
    : {}),
})

/** Sends through an SMTP server. */
export function smtpMailer(url: string, from: string): Mailer {
  let transport: Transporter | undefined
  return async (mail) => {
    // Read with the first mail: a server's start need not wait for it.
    const { createTransport } = await import('nodemailer')
    transport ??= createTransport(url)
    await transport.sendMail(messageOf(mail, from))
  }
}

/** Writes each mail as a file, where no SMTP server is configured. */
export function fileMailer(directory: string, from: string): Mailer {
  return async (mail) => {
    const { createTransport } = await import('nodemailer')
    const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const { message } = await composer.sendMail(messageOf(mail, from))
    // The same mail again replaces itself; a reader never meets half of one.
    const draft = join(directory, `.${mail.id}`)
    await writeFile(draft, message as Buffer, { mode: 0o600 })
    await rename(draft, join(directory, `${mail.id}.eml`))
  }
}

/** Sends through an SMTP server where there is one, else into files. */
export const mailerFor = (smtpUrl: string | undefined, directory: string, from: string): Mailer =>
  smtpUrl === undefined ? fileMailer(directory, from) : smtpMailer(smtpUrl, from)
