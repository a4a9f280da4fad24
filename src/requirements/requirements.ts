export { deliveries } from './programme.js'
export type { Audience, Delivery, Duty, Escalation, Owed, Programme, Rule } from './programme.js'
