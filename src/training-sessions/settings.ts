/** The numbers of this folder. They are the institution's to set; these are the usual ones. */
export interface Settings {
  /** Hours for which a place on offer is held. */
  offerHours: number
  /** Minutes before the start from which somebody can check in and be marked. */
  doorOpensMinutes: number
  /** Seconds after which the check-in code changes. */
  codeSeconds: number
  /** Minutes by which a call's log and the register may differ before somebody has to look. */
  toleranceMinutes: number
  /** Days for which a rehearsal waits to be confirmed. */
  rehearsalDays: number
  /** Days for which an uploaded register is kept; its SHA-256, who and when stay. */
  uploadDays: number
  /** Training sessions that one series may have. */
  seriesLength: number
}

export const usualSettings: Settings = {
  offerHours: 48,
  doorOpensMinutes: 60,
  codeSeconds: 30,
  toleranceMinutes: 15,
  rehearsalDays: 7,
  uploadDays: 365 * 2,
  seriesLength: 60,
}
