import net from 'node:net'

// One seed for the whole run, also in the processes that run files side by side.
if (process.env['SEED'] === undefined) {
  process.env['SEED'] = String(Math.floor(Math.random() * 2 ** 31))
  console.log(`Properties are sampled by SEED=${process.env['SEED']}`)
}

// No test reaches beyond this machine: a socket to anywhere but loopback or a unix path is refused.
const connect = Reflect.get(net.Socket.prototype, 'connect') as (...args: unknown[]) => net.Socket
const loopback = new Set(['127.0.0.1', '::1', 'localhost', '::ffff:127.0.0.1'])

function hostOf(target: unknown, host: unknown): string {
  if (typeof target === 'object' && target !== null) {
    if ('path' in target && target.path) return 'localhost'
    return 'host' in target && typeof target.host === 'string' ? target.host : 'localhost'
  }
  return typeof host === 'string' ? host : 'localhost'
}

Object.assign(net.Socket.prototype, {
  connect(this: net.Socket, ...args: unknown[]): net.Socket {
    const [target] = args.flat()
    const host = hostOf(target, args[1])
    if (!loopback.has(host)) throw new Error(`the network is off in tests: ${host}`)
    return Reflect.apply(connect, this, args)
  },
})
