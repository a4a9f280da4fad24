/** What the document says about itself to programs, in both the places where a PDF says it. */
export interface About {
  title: string
  author: string
  /** Date and time in UTC, `YYYY-MM-DDTHH:MM:SSZ`. */
  created: string
  tool: string
  producer: string
  keywords: string
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Text as it may stand in XML: a name such as `<script>` stays a name. */
const xml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? '')

const description = (namespaces: string, body: string): string =>
  `<rdf:Description rdf:about="" ${namespaces}>${body}</rdf:Description>`

const property = (name: string, type: string, category: string, words: string): string =>
  `<rdf:li rdf:parseType="Resource"><pdfaProperty:name>${name}</pdfaProperty:name><pdfaProperty:valueType>${type}</pdfaProperty:valueType><pdfaProperty:category>${category}</pdfaProperty:category><pdfaProperty:description>${words}</pdfaProperty:description></rdf:li>`

/**
 * The claim of PDF/UA-1, with the schema that PDF/A asks for wherever metadata goes beyond its own
 * (ISO 19005-3, 6.6.2.3). PDFKit writes the claim of PDF/A-3a itself.
 */
const accessible = [
  description('xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"', '<pdfuaid:part>1</pdfuaid:part>'),
  description(
    'xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"',
    `<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema><pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>${property('part', 'Integer', 'internal', 'part of ISO 14289 that the document follows')}</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>`,
  ),
]

/** The metadata of a certificate in XMP, everything escaped. */
export function xmpOf(about: About, language: string): string {
  const text = (value: string): string =>
    `<rdf:Alt><rdf:li xml:lang="x-default">${xml(value)}</rdf:li></rdf:Alt>`
  return [
    description(
      'xmlns:xmp="http://ns.adobe.com/xap/1.0/"',
      `<xmp:CreateDate>${about.created}</xmp:CreateDate><xmp:ModifyDate>${about.created}</xmp:ModifyDate><xmp:CreatorTool>${xml(about.tool)}</xmp:CreatorTool>`,
    ),
    description(
      'xmlns:dc="http://purl.org/dc/elements/1.1/"',
      `<dc:title>${text(about.title)}</dc:title><dc:creator><rdf:Seq><rdf:li>${xml(about.author)}</rdf:li></rdf:Seq></dc:creator><dc:language><rdf:Bag><rdf:li>${language}</rdf:li></rdf:Bag></dc:language>`,
    ),
    description(
      'xmlns:pdf="http://ns.adobe.com/pdf/1.3/"',
      `<pdf:Producer>${xml(about.producer)}</pdf:Producer><pdf:Keywords>${xml(about.keywords)}</pdf:Keywords>`,
    ),
    ...accessible,
  ].join('\n')
}
