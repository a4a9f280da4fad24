import type { Language, Sentence } from '../language.js'

/** Something to tell somebody by mail. Sentences are said in their language when the mail is made. */
export interface Message {
  /** The same key tells the same thing once, however often it is asked for. */
  key: string
  to: string
  /** Whom it is for, where they are in the directory: their messages are counted and capped. */
  person?: string
  language: Language
  subject: Sentence
  paragraphs: readonly Sentence[]
  calendar?: { method: 'REQUEST' | 'CANCEL'; content: string }
  /**
   * Can wait for a working day's hours, and for tomorrow where somebody has had enough for today;
   * several at once come as one mail (interaction, detail 5).
   */
  calm?: true
  /** What must still be so at the moment of sending; asked of whoever the kind belongs to. */
  while?: { kind: string; about: string }
}
