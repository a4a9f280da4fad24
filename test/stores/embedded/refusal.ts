import { MongoServerError } from 'mongodb'

/** The code with which the server refuses something, or nothing. */
export async function refusal(act: Promise<unknown>): Promise<number | undefined> {
  try {
    await act
    return undefined
  } catch (error) {
    if (error instanceof MongoServerError) return Number(error.code)
    throw error
  }
}
