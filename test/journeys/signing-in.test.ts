import { expect } from 'chai'
import type { ObjectId } from 'mongodb'
import { createWorld, password, type World } from '../support/world.js'

const email = 'mair@parliament.example'

describe('signing in', () => {
  let world: World

  before(async () => {
    world = await createWorld()
    await world.directory({
      people: 'id,name,email,language\np1,Mair Larkspur,mair@parliament.example,en\n',
      terms:
        'person,kind,house,party,office,title,from,to\np1,mp,commons,Lantern Party,,Wrenford,2024-07-04,\n',
    })
    await world.account(email, 'p1')
  })
  after(() => world.close())

  it('answers that it is well without being asked for anything', async () => {
    const visitor = world.visitor()
    const health = await visitor.fetch('/health')
    expect(await health.json()).to.deep.equal({ status: 'ok' })
    expect((await visitor.fetch('/ready')).status).to.equal(200)
    expect(visitor.cookies.size).to.equal(0)
  })

  it('opens a session and shows who it is', async () => {
    const visitor = world.visitor()
    const form = await visitor.get('/sign-in')
    expect(form.status).to.equal(200)
    const answer = await visitor.send('/sign-in', { email, password })
    expect(answer.status).to.equal(303)
    const { $ } = await visitor.get('/')
    expect($('.gs-header').text()).to.include('Mair Larkspur')
  })

  it('ends a session twelve hours after signing in, whether or not it was used meanwhile', async () => {
    const visitor = await world.signedIn(email)
    const sessions = world.app.database.connection.collection('sessions')
    const [session] = await sessions.find().sort({ expires: -1 }).limit(1).toArray()
    if (!session) throw new Error('there is no session')
    const { _id, expires } = session as { _id: ObjectId; expires: Date }
    expect(expires.getTime() - Date.now()).to.be.within(11.9 * 3_600_000, 12 * 3_600_000)
    expect((await visitor.get('/training')).status).to.equal(200)
    expect((await sessions.findOne({ _id }))?.['expires']).to.deep.equal(expires)

    await sessions.updateOne({ _id }, { $set: { expires: new Date() } })
    const refused = await visitor.fetch('/training')
    expect(refused.headers.get('location')).to.equal('/sign-in?to=%2Ftraining')
  })

  it('says what is wrong without saying which half', async () => {
    const visitor = world.visitor()
    await visitor.get('/sign-in')
    const wrong = await visitor.post('/sign-in', { email, password: 'not this one, I fear' })
    const unknown = await visitor.post('/sign-in', {
      email: 'nobody@parliament.example',
      password,
    })
    expect(wrong.status).to.equal(400)
    expect(wrong.words.replace(email, '')).to.equal(
      unknown.words.replace('nobody@parliament.example', ''),
    )
  })

  it('refuses a form without its token, and one from another site', async () => {
    const visitor = world.visitor()
    await visitor.get('/sign-in')
    const forged = await visitor.send('/sign-in', { _csrf: 'forged', email, password })
    expect(forged.status).to.equal(403)
    expect(forged.words).to.include('expired')
    await visitor.get('/sign-in')
    const elsewhere = { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' }
    expect((await visitor.send('/sign-in', { email, password }, elsewhere)).status).to.equal(403)
  })

  it('refuses a second account for one person in a sentence', async () => {
    await world.account('first@parliament.example', 'somebody')
    const again = world.account('second@parliament.example', 'somebody')
    const refused: unknown = await again.catch((error: unknown) => error)
    expect(refused).to.have.property('kind', 'conflict')
    expect(refused).to.have.nested.property('say.key', 'identity.person-has-account')
  })
})
