import { AppError } from '../../../shared/contract/errors.js'

/** How often work is taken up again by itself after the engine has crashed. */
export const MOST_CRASHES = 3

/**
 * Does work that goes on where it was when it is called again, until it is done or the engine has
 * crashed too often: the system may have ended it for its memory once, or it may never get further.
 */
export async function despiteCrashes<T>(work: () => Promise<T>): Promise<T> {
  for (let crashes = 1; ; crashes++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'engine-crashed') throw error
      if (crashes <= MOST_CRASHES) continue
      throw new AppError(
        'engine-crashed',
        `The processing engine stopped unexpectedly, ${crashes} times.`,
        {
          hint: 'Close other programs, since the computer may be out of memory, then go on: what was finished is kept.',
          ...(error.detail === undefined ? {} : { detail: error.detail }),
        },
      )
    }
  }
}
