/** What the files of a bundle are called. */
export const fileNames = {
  hearing: 'hearing.json',
  certificate: 'certificate.pdf',
  manifest: 'manifest.json',
} as const
