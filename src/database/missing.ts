interface WriteFailure {
  code?: unknown
  writeErrors?: WriteFailure | readonly WriteFailure[]
}

/** Whether all that failed of a write did so because its unique key was taken. */
export function isTaken(error: unknown): boolean {
  const { code, writeErrors = [] } = error as WriteFailure
  return code === 11000 && [writeErrors].flat().every((failed) => failed.code === 11000)
}

/**
 * Waits for a write of things that may be there already by a unique key; those stay as they are.
 * Answers whether all of them were missing. Throws whatever else goes wrong.
 */
export async function addMissing(write: PromiseLike<unknown>): Promise<boolean> {
  try {
    await write
    return true
  } catch (error) {
    if (isTaken(error)) return false
    throw error
  }
}
