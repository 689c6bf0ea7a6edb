import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { createSound } from './sound.js'
import { createTransport } from './createTransport.js'
import { gainOf } from './loudness.js'
import { timelineLength } from '../../shared/document/timing.js'
import { neighbourEdit } from './timelineMap.js'

const NOTHING = { length: 0, fps: { num: 25, den: 1 }, neighbourEdit: (frame: number) => frame }

/**
 * Playing, shuttling and stepping over the open project's timeline: buttons, keys and menus
 * all go through here.
 */
export const transport = createTransport({
  get: useEditor.getState,
  set: (changes) => useEditor.getState().set(changes),
  timeline() {
    const { doc } = useProject.getState()
    if (doc === null) return NOTHING
    return {
      length: timelineLength(doc),
      fps: doc.meta.fps,
      neighbourEdit: (frame, direction) => neighbourEdit(doc, frame, direction),
    }
  },
  sound: createSound(() => useProject.getState().doc, {
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
