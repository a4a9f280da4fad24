import { largestDocument } from '../update/apply.js'
import { sessionOf } from './cursors.js'
import type { Call, Command, Commands, Engine } from './engine.js'
import { knows } from './options.js'

/** The largest message that is read, as MongoDB has it. */
export const largestMessage = 48_000_000

/**
 * A standalone without transactions. The wire version is that of MongoDB 7.0: from 8.0 on clients
 * send `bulkWrite`, and with a topology version they would wait for a stream of replies.
 */
const hello: Command = {
  // Who the client is and what it could do: as in MongoDB, what is not known of that is passed over.
  known: 'all',
  run: ({ clock }, { name, connection }) => ({
    helloOk: true,
    [name === 'hello' ? 'isWritablePrimary' : 'ismaster']: true,
    maxBsonObjectSize: largestDocument,
    maxMessageSizeBytes: largestMessage,
    maxWriteBatchSize: 100_000,
    localTime: clock.now(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: connection,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
  }),
}

function endSessions({ cursors }: Engine, { name, options }: Call) {
  for (const lsid of options.need(name).items()) cursors.closeAll(sessionOf(lsid) ?? '')
  return {}
}

/** The commands about the connection and the server. */
export const connectionCommands: Commands = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping: { known: knows({ any: 'ping' }), run: () => ({}) },
  buildInfo: {
    known: knows({ any: 'buildInfo' }),
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
    known: knows({ any: 'connectionStatus', flag: 'showPrivileges' }),
    run: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }),
  },
  endSessions: { known: knows({ list: 'endSessions' }), run: endSessions },
  killSessions: { known: knows({ list: 'killSessions' }), run: endSessions },
}
