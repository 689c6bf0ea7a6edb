import { DOUBTFUL_TRACK } from '../../../src/shared/contract/track.js'

/** A tracked frame: what the tracker thought of it, and how it was. */
export interface Judged {
  readonly confidence: number
  readonly iou: number
  readonly tuned: boolean
}

const BINS = [0, 0.6, 0.7, 0.8, 0.9, 1.001] as const

/**
 * How much confidence means: mean overlap by confidence, and what the doubtful frames are, on the
 * clips it was calibrated by and on the others. A frame is wrong below an overlap of 0.8.
 */
export function reliability(all: readonly Judged[]): Record<string, string | number>[] {
  return [true, false].flatMap((tuned) => {
    const some = all.filter((one) => one.tuned === tuned)
    const clips = tuned ? 'tuned on' : 'others'
    const bins = BINS.slice(0, -1).flatMap((from, n) => {
      const to = BINS[n + 1]!
      const inside = some.filter(({ confidence }) => confidence >= from && confidence < to)
      if (inside.length === 0) return []
      return [
        {
          ...{ clips, confidence: `${from} to ${Math.min(1, to)}`, frames: inside.length },
          'mean confidence': mean(inside.map(({ confidence }) => confidence)),
          'mean IoU': mean(inside.map(({ iou }) => iou)),
          wrong: inside.filter(isWrong).length,
        },
      ]
    })
    const wrong = some.filter(isWrong)
    const right = some.filter((one) => !isWrong(one))
    const doubted = ({ confidence }: Judged): boolean => confidence < DOUBTFUL_TRACK
    return [
      ...bins,
      {
        ...{ clips, confidence: 'doubtful', frames: some.filter(doubted).length },
        wrong: `${wrong.filter(doubted).length} of ${wrong.length}`,
        right: `${right.filter(doubted).length} of ${right.length}`,
      },
    ]
  })
}

function isWrong({ iou }: Judged): boolean {
  return iou < 0.8
}

function mean(values: readonly number[]): string {
  return (values.reduce((sum, one) => sum + one, 0) / values.length).toFixed(2)
}
