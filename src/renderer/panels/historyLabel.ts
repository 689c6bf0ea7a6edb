import type { TFunction } from 'i18next'
import type { CommandType } from '../../shared/document/commands.js'

/** A history entry in words: `mask.addShape` -> "Paint mask", `batch:3` -> "3 changes". */
export function historyLabel(label: string, t: TFunction): string {
  const batch = /^batch:(\d+)$/.exec(label)
  if (batch) return t('history.batch', { count: Number(batch[1]) })
  return t(`commands.${label as CommandType}`)
}
