/** What stands below a long list: which page this is, counted from 1, of how many, and its neighbours. */
export interface Paging {
  number: number
  pages: number
  previous: string | undefined
  next: string | undefined
}

/** The pages of a list of so many things, `size` to a page; a list of nothing has one. */
export function pagingOf(
  list: { total: number; size: number; number: number },
  address: (page: number) => string,
): Paging {
  const { number } = list
  const pages = Math.max(1, Math.ceil(list.total / list.size))
  return {
    number,
    pages,
    previous: number > 1 ? address(number - 1) : undefined,
    next: number < pages ? address(number + 1) : undefined,
  }
}
