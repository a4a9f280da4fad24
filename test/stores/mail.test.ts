import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { SMTPServer } from 'smtp-server'
import { loadWords } from '../../src/language.js'
import { createLog } from '../../src/log.js'
import { openDatabase, type Database } from '../../src/database/database.js'
import {
  createNotifications,
  fileMailer,
  outboxCollections,
  smtpMailer,
  type Mail,
  type Message,
} from '../../src/notifications/notifications.js'
import { seededRandom } from '../../src/random.js'
import { testDatabase } from '../support/database.js'
import { frozenClock } from '../support/world.js'

const mail: Mail = {
  id: 'a1b2',
  to: 'mair@parliament.example',
  subject: 'Eich hyfforddiant – ŵ',
  text: 'Bore da.\n',
  language: 'cy',
}

/** A real SMTP server on this machine that keeps what it is given, or refuses it. */
async function receiver(refusing: { times: number } = { times: 0 }) {
  const received: { to: string[]; raw: string }[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (refusing.times-- > 0) {
          done(new Error('try again later'))
          return
        }
        const to = session.envelope.rcptTo.map(({ address }) => address)
        received.push({ to, raw: Buffer.concat(chunks).toString() })
        done()
      })
    },
  })
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  return {
    received,
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => server.close(resolve)),
  }
}

describe('mail', () => {
  it('leaves by SMTP as plain text in its language, and says that no machine need answer', async () => {
    const smtp = await receiver()
    await smtpMailer(smtp.url, 'training@example.org')(mail)
    await smtp.close()
    const [{ to, raw } = { to: [], raw: '' }] = smtp.received
    expect(to).to.deep.equal([mail.to])
    expect(raw).to.include('Content-Language: cy').and.to.include('Auto-Submitted: auto-generated')
    expect(raw).to.include('<a1b2@good-standing>').and.to.include('From: training@example.org')
  })

  it('lies in a file where there is no server, and replaces itself when sent again', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'gs-outbox-'))
    const send = fileMailer(directory, 'training@example.org')
    await send(mail)
    await send(mail)
    expect(readdirSync(directory)).to.deep.equal(['a1b2.eml'])
    expect(readFileSync(join(directory, 'a1b2.eml'), 'utf8')).to.include('Bore da.')
    rmSync(directory, { recursive: true })
  })

  describe('from the outbox', () => {
    let database: Database
    let drop: () => Promise<void>
    const clock = frozenClock('2026-03-02T10:00:00Z')
    const message: Message = {
      key: 'welcome:mair',
      to: mail.to,
      language: 'en',
      subject: { key: 'product.name' },
      paragraphs: [{ key: 'product.name' }],
    }

    before(async () => {
      const place = await testDatabase()
      drop = () => place.drop()
      database = await openDatabase({
        uri: place.uri,
        name: place.name,
        dataDir: '',
        clock,
        random: seededRandom('mail'),
        log: createLog('silent'),
      })
      await database.migrate(outboxCollections)
    })
    after(async () => {
      await database.close()
      await drop()
    })

    const outbox = (url: string) =>
      createNotifications({
        database,
        clock,
        random: seededRandom('mail'),
        log: createLog('silent'),
        words: loadWords('views/text'),
        mailer: smtpMailer(url, 'training@example.org'),
        calm: { opens: '08:00', closes: '19:00', weekends: false, closed: [], mostADay: 2 },
        stillWanted: () => Promise.resolve(true),
      })

    it('goes once, however often it is asked for, and again after a server refused it', async () => {
      const smtp = await receiver({ times: 1 })
      const own = outbox(smtp.url)
      await own.tell([message])
      await own.tell([message])
      await own.deliver()
      expect(smtp.received, 'refused').to.have.length(0)
      await own.deliver()
      expect(smtp.received, 'not at once').to.have.length(0)
      clock.set('2026-03-02T10:05:00Z')
      await own.deliver()
      await own.deliver()
      await smtp.close()
      expect(smtp.received).to.have.length(1)
      expect(smtp.received[0]?.raw).to.include('Good Standing')
    })

    it('waits for the morning with what can wait; several come as one, and a few a day at most', async () => {
      const smtp = await receiver()
      const own = outbox(smtp.url)
      const calm = (key: string): Message => ({
        ...message,
        key,
        to: 'calm@example.org',
        calm: true,
      })
      clock.set('2026-03-06T21:00:00Z')
      await own.tell([calm('one'), calm('two'), { ...message, key: 'urgent' }])
      await own.deliver()
      expect(smtp.received.map(({ to }) => to[0])).to.deep.equal([message.to])
      clock.set('2026-03-09T08:00:00Z')
      await own.deliver()
      expect(smtp.received).to.have.length(2)
      expect(smtp.received[1]?.raw).to.include('Several things about your training')
      for (const key of ['three', 'four', 'five']) {
        await own.tell([calm(key)])
        await own.deliver()
      }
      expect(smtp.received, 'no more than two on that day').to.have.length(3)
      clock.set('2026-03-10T08:00:00Z')
      await own.deliver()
      await smtp.close()
      expect(smtp.received, 'the rest as one, tomorrow').to.have.length(4)
      expect(await own.deliver()).to.equal(0)
    })
  })
})
