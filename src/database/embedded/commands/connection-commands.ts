import { fieldOf, items } from '../bson/read.js'
import type { Value } from '../bson/value.js'
import type { Call, Command, Commands, Engine, Reply } from './engine.js'

const largestDocument = 16 * 1024 * 1024
/** The largest message that is read, as MongoDB has it. */
export const largestMessage = 48_000_000

/**
 * A standalone without transactions. The wire version is that of MongoDB 7.0: from 8.0 on clients
 * send `bulkWrite`, and with a topology version they would wait for a stream of replies.
 */
const hello: Command = {
  fields: {
    hello: 'any',
    isMaster: 'any',
    ismaster: 'any',
    helloOk: 'flag',
    client: 'object',
    compression: 'list',
    saslSupportedMechs: 'text',
    speculativeAuthenticate: 'object',
    loadBalanced: 'flag',
  },
  run: (engine, { name, connection }): Reply => ({
    helloOk: true,
    [name === 'hello' ? 'isWritablePrimary' : 'ismaster']: true,
    maxBsonObjectSize: largestDocument,
    maxMessageSizeBytes: largestMessage,
    maxWriteBatchSize: 100_000,
    localTime: engine.clock.now(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: connection,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
  }),
}

/** The session of a command, as the bytes of its id. */
export function sessionOf(lsid: Value | undefined): string | undefined {
  const id = lsid && fieldOf(lsid, 'id')
  return id?.bytes.toString('hex', id.at, id.end)
}

function endSessions(engine: Engine, call: Call): Reply {
  for (const lsid of items(call.options.need(call.name))) {
    const session = sessionOf(lsid)
    if (session !== undefined) engine.cursors.closeSession(session)
  }
  return {}
}

/** The commands about the connection and the server. */
export const connectionCommands: Commands = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping: { fields: { ping: 'any' }, run: () => ({}) },
  buildInfo: {
    fields: { buildInfo: 'any' },
    run: () => ({
      version: '7.0.0',
      versionArray: [7, 0, 0, 0],
      gitVersion: 'embedded',
      modules: [],
      storageEngines: ['embedded'],
      maxBsonObjectSize: largestDocument,
    }),
  },
  connectionStatus: {
    fields: { connectionStatus: 'any', showPrivileges: 'flag' },
    run: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }),
  },
  endSessions: { fields: { endSessions: 'list' }, run: endSessions },
  killSessions: { fields: { killSessions: 'list' }, run: endSessions },
}
