import { createServer } from 'node:http'
import MongoStore from 'connect-mongo'
import express from 'express'
import { engine } from 'express-handlebars'
import session from 'express-session'
import mongoose, { Schema } from 'mongoose'

// What pages are compared with: a page that shows a greeting, bare, and one that first loads the same
// session and one person by their id. On the database and the secret of the server beside it.
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
