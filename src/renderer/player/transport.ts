import { currentPair, endPair } from '../compare/comparing.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { createSound } from './sound.js'
import { createTransport } from './createTransport.js'
import { gainOf } from './loudness.js'
import { timelineLength } from '../../shared/document/timing.js'
import { neighbourEdit } from './timelineMap.js'

const NOTHING = { length: 0, fps: { num: 25, den: 1 }, neighbourEdit: (frame: number) => frame }

/**
 * Playing, shuttling and stepping over what is on screen, the open project's timeline or two clips
 * that are compared: buttons, keys and menus all go through here.
 */
const player = createTransport({
  get() {
    const state = useEditor.getState()
    return state.pair === null ? state : { ...state, playhead: state.pair.frame, range: null }
  },
  set({ playhead, shuttle, range }) {
    const { pair, set } = useEditor.getState()
    const place =
      playhead === undefined
        ? {}
        : pair === null
          ? { playhead }
          : { pair: { ...pair, frame: playhead } }
    set({
      ...place,
      ...(shuttle === undefined ? {} : { shuttle }),
      ...(range === undefined || pair !== null ? {} : { range }),
    })
  },
  timeline() {
    const pair = currentPair()
    if (pair !== null) {
      const ends = (_: number, direction: -1 | 1): number => (direction > 0 ? pair.length - 1 : 0)
      return { length: pair.length, fps: pair.fps, neighbourEdit: ends, repeats: true }
    }
    const { doc } = useProject.getState()
    if (doc === null) return NOTHING
    return {
      length: timelineLength(doc),
      fps: doc.meta.fps,
      neighbourEdit: (frame, direction) => neighbourEdit(doc, frame, direction),
    }
  },
  sound: createSound(() => (currentPair() === null ? useProject.getState().doc : null), {
    gain: () => gainOf(useEditor.getState()),
    subscribe: (listener) =>
      useEditor.subscribe((state, before) => {
        if (gainOf(state) !== gainOf(before)) listener()
      }),
  }),
  now: () => performance.now() / 1000,
  onNextPicture(callback) {
    const handle = requestAnimationFrame(callback)
    return () => cancelAnimationFrame(handle)
  },
})

export const transport = {
  ...player,
  /** Goes to a frame of the film, which it brings back where two clips are compared. */
  goTo(frame: number): void {
    endPair()
    player.goTo(frame)
  },
}
