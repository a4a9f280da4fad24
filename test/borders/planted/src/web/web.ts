export const web = 'above people'
