/** The form on which a training session is planned, filled in: Nia's, tomorrow morning, for two people. */
export const sessionForm = {
  course: 'raising-a-concern',
  delivery: 'face-to-face',
  on: '2026-03-03',
  from: '10:00',
  to: '11:30',
  venue: 'Room 1',
  link: '',
  capacity: '2',
  trainers: 'head',
  house: '',
  every: 'no',
  times: '2',
}
