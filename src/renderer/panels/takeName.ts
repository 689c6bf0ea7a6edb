import type { TFunction } from 'i18next'
import type { TakeRec } from '../../shared/document/model.js'

/** What a take is called: “Take 3”, as core numbers them, in the reader's language; or as a person named it. */
export function takeName({ name }: Pick<TakeRec, 'name'>, t: TFunction): string {
  const number = /^Take (\d+)$/.exec(name)?.[1]
  return number === undefined ? name : t('takes.numbered', { number })
}
