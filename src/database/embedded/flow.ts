/**
 * What comes one by one, made as it is asked for. Nothing in place of something says that work was
 * done for no result, so that others may have their turn.
 */
export type Flow<T> = IterableIterator<T | undefined, void, undefined>
