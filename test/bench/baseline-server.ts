import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import MongoStore from 'connect-mongo'
import cookieParser from 'cookie-parser'
import { doubleCsrf } from 'csrf-csrf'
import express from 'express'
import { engine } from 'express-handlebars'
import session from 'express-session'
import helmet from 'helmet'
import mongoose, { Schema } from 'mongoose'
import passport from 'passport'

// What pages are compared with: a page that shows a greeting, bare; one that sends the finished words
// of a page of a course; the greeting behind the packages that every signed-in page stands behind, with
// its session in memory and no database; and one that loads the same session and one person by their
// id, on the database and the secret of the server beside it.
const [uri = '', secret = '', viewsDir = ''] = process.argv.slice(2)
const connection = await mongoose.createConnection(uri).asPromise()
const schema = new Schema({ _id: String, name: String }, { collection: 'people' })
const people = connection.model('people', schema)

const app = express()
const handlebars = engine({ extname: '.hbs', defaultLayout: false })
app.engine('hbs', (...given) => void handlebars(...given))
app.set('view engine', 'hbs')
app.set('views', viewsDir)
app.enable('view cache')
app.get('/bare', (_request, response) => {
  response.render('greeting', { name: 'everybody' })
})

const words = readFileSync(join(viewsDir, 'words.html'), 'utf8')
app.get('/words', (_request, response) => {
  response.type('html').send(words)
})

const { generateCsrfToken } = doubleCsrf({
  getSecret: () => secret,
  getSessionIdentifier: ({ sessionID }) => sessionID,
  cookieName: 'packages-form',
  cookieOptions: { sameSite: 'lax', secure: false, httpOnly: true, path: '/' },
})
const keeper = new passport.Passport()
keeper.serializeUser<object>((user, done) => done(null, user))
keeper.deserializeUser<object>((user, done) => done(null, user))
const packages = express.Router()
packages.use(helmet(), cookieParser())
packages.use(session({ name: 'packages', secret, resave: false, saveUninitialized: false }))
packages.use(keeper.initialize(), keeper.session() as express.RequestHandler)
packages.use(express.urlencoded({ extended: false }))
packages.get('/enter', (request, response, next) => {
  request.logIn({ account: 'everybody' }, (error: unknown) => {
    if (error) next(error)
    else response.sendStatus(204)
  })
})
packages.get('/', (request, response) => {
  const token = generateCsrfToken(request, response, { validateOnReuse: false })
  response.render('greeting', { name: request.user ? token : 'nobody' })
})
app.use('/packages', packages)

app.use(
  session({
    name: 'sid',
    secret,
    resave: false,
    saveUninitialized: false,
    store: MongoStore.create({
      client: connection.getClient(),
      dbName: connection.name,
      collectionName: 'sessions',
      stringify: false,
      touchAfter: 3600,
    }),
  }),
)
app.get('/baseline/:id', (request, response, next) => {
  people
    .findById(request.params.id)
    .lean<{ name: string }>()
    .then((person) => response.render('greeting', { name: person?.name }), next)
})

const server = createServer(app).listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.(typeof address === 'object' ? address?.port : 0)
})
process.once('disconnect', () => process.exit())
