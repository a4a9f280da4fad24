import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

/** Which addresses a deployment lets webhooks go to, beyond public ones reached by HTTPS. */
export interface AddressPolicy {
  /** For tests and a receiver on the same machine: loopback, and plain HTTP to it. */
  allowLoopback: boolean
}

/** Why an address cannot be used. */
export type AddressFault = 'not-a-url' | 'not-https' | 'credentials' | 'no-such-host' | 'inside'

/** An address that may be used: where to connect, so that a name cannot change its mind in between. */
export interface Vetted {
  url: URL
  address: string
  family: 4 | 6
}

/** Finds the addresses of a name, every one of them. */
export type Resolve = (host: string) => Promise<readonly { address: string; family: number }[]>

// RFC 6890 and its successors: what is not the public internet, and what hides an IPv4 address in an
// IPv6 one, where it could hide a private one as well.
const special: readonly [network: string, prefix: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
]

/** Whether an address lies in one of some networks. */
type Within = (address: string) => boolean

// One list for each family: in a common one an IPv4 address would also match the networks that hide
// IPv4 addresses in IPv6 ones, and nothing could be reached.
function within(networks: readonly [string, number][]): Within {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const [network, prefix] of networks) {
    const family = familyName(network)
    lists[family].addSubnet(network, prefix, family)
  }
  return (address) => lists[familyName(address)].check(address, familyName(address))
}

const familyName = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

const isSpecial = within(special)
const isLoopback = within([
  ['127.0.0.0', 8],
  ['::1', 128],
])

/** The networks that this machine itself stands in: whoever reaches them is a neighbour. */
const ownNetworks = (): readonly [string, number][] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .flatMap(({ cidr }): [string, number][] => {
      const [network, prefix] = cidr?.split('/') ?? []
      return network && prefix ? [[network, Number(prefix)]] : []
    })

/** The name or the address in a URL, without the brackets of IPv6. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '')

const everyAddress: Resolve = (host) => lookup(host, { all: true, verbatim: true })

/** The judge of webhook addresses: asked when one is registered, and again before each attempt. */
export function createAddressJudge(
  policy: AddressPolicy,
  resolve: Resolve = everyAddress,
  networks: () => readonly [string, number][] = ownNetworks,
) {
  const isInside = (address: string): boolean => {
    if (isLoopback(address)) return !policy.allowLoopback
    return isSpecial(address) || within(networks())(address)
  }

  return async (text: string): Promise<Vetted | AddressFault> => {
    if (!URL.canParse(text) || text.length > 2000) return 'not-a-url'
    const url = new URL(text)
    if (url.username || url.password) return 'credentials'
    const host = hostOf(url)
    const known = isIP(host)
    const addresses = known
      ? [{ address: host, family: known }]
      : await resolve(host).catch(() => [])
    // One forbidden address among several is enough: which of them is used is chance.
    if (addresses.some(({ address }) => isInside(address))) return 'inside'
    const [first] = addresses
    if (!first) return 'no-such-host'
    const near = isLoopback(first.address) && url.protocol === 'http:'
    if (url.protocol !== 'https:' && !near) return 'not-https'
    return { url, address: first.address, family: first.family === 6 ? 6 : 4 }
  }
}

export type AddressJudge = ReturnType<typeof createAddressJudge>
