import type { Id } from '../../shared/document/model.js'

/** Knows of the previews of takes that lie on each other whether they can be asked for. */
export interface StackWatch {
  /**
   * @param confirmed core has told everything that is in the document; before that it may not have
   * had the time to say that a preview is missing
   * @param preparing ids of what core says is missing or being made
   */
  isAwaited(id: Id, confirmed: boolean, preparing: readonly Id[]): boolean
}

export function createStackWatch(): StackWatch {
  /** Those that were there once: a change that has nothing to do with them makes no difference. */
  const ready = new Set<Id>()
  return {
    isAwaited(id, confirmed, preparing) {
      if (preparing.includes(id)) ready.delete(id)
      else if (confirmed) ready.add(id)
      return !ready.has(id)
    },
  }
}
