export const inner = 'behind the door of courses'
