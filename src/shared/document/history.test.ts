import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  commandFor,
  fullDocument,
  intents,
  segment,
  stroke,
  take,
} from '../../../tests/fixtures/documents.js'
import { apply } from './apply.js'
import { canonicalJson } from './canonicalJson.js'
import type { Command } from './commands.js'
import { createHistory } from './history.js'
import { checkDocument } from './integrity.js'
import { recordOf } from './model.js'
import type { ProjectDoc } from './model.js'

/** A document with its history, as a session keeps them. */
function createBench(start: ProjectDoc = fullDocument()) {
  const history = createHistory()
  let doc = start
  return {
    history,
    doc: () => doc,
    run(command: Command, mode: 'record' | 'ignore' = 'record', gesture?: string): boolean {
      const applied = apply(doc, command)
      if (!applied.ok) return false
      doc = applied.doc
      if (mode === 'ignore') history.ignore(applied.diff)
      else {
        const join = history.continues(gesture)
        history.record(applied.diff, { label: command.type, gesture, join })
      }
      return true
    },
    move(by: number): 'moved' | 'refused' | 'nothing' {
      const moved = history.prepare(doc, by)
      if (moved === null) return 'nothing'
      if (!moved.ok) return 'refused'
      moved.commit()
      doc = moved.doc
      return 'moved'
    },
  }
}

const rename = (name: string): Command => ({ type: 'project.rename', name })
const paint = (frame: number): Command => ({
  type: 'mask.addShape',
  id: 'mask_a',
  frame,
  shape: stroke(),
})

describe('history', () => {
  it('undone entirely is the start, redone entirely the end, and every place between is exact', () => {
    fc.assert(
      fc.property(intents(40), fc.array(fc.nat({ max: 40 }), { maxLength: 8 }), (list, jumps) => {
        const bench = createBench()
        const places = [canonicalJson(bench.doc())]
        for (const intent of list) {
          if (bench.run(commandFor(bench.doc(), intent))) places.push(canonicalJson(bench.doc()))
        }
        const check = (): void => {
          expect(canonicalJson(bench.doc())).toBe(places[bench.history.state().position])
        }
        const total = places.length - 1
        for (const jump of [0, total, ...jumps.map((at) => at % places.length)]) {
          bench.move(jump - bench.history.state().position)
          expect(bench.history.state().position).toBe(jump)
          check()
        }
      }),
      { numRuns: 60 },
    )
  })

  it('keeps the document sound when other changes come in between', () => {
    const steps = fc.array(fc.tuple(fc.nat({ max: 3 }), intents(1)), { maxLength: 40 })
    fc.assert(
      fc.property(steps, (list) => {
        const bench = createBench()
        for (const [what, [intent]] of list) {
          if (what === 0) bench.move(-1)
          else if (what === 1) bench.move(1)
          else if (intent !== undefined) {
            bench.run(commandFor(bench.doc(), intent), what === 2 ? 'record' : 'ignore')
          }
          expect(checkDocument(bench.doc())).toBeNull()
        }
      }),
      { numRuns: 100 },
    )
  })

  it('forgets what could be redone when something new is done', () => {
    const bench = createBench()
    for (const name of ['a', 'b', 'c']) bench.run(rename(name))
    bench.move(-2)
    bench.run(paint(3))
    const { entries, position } = bench.history.state()
    expect(entries.map(({ label }) => label)).toEqual(['project.rename', 'mask.addShape'])
    expect(position).toBe(2)
    expect(bench.move(1)).toBe('nothing')
  })

  it('joins the dispatches of one gesture into one step', () => {
    const bench = createBench()
    for (const name of ['a', 'b', 'c']) bench.run(rename(name), 'record', 'drag 1')
    bench.run(rename('d'), 'record', 'drag 2')
    expect(bench.history.state().entries).toHaveLength(2)
    bench.move(-2)
    expect(bench.doc().meta.name).toBe('Project')
    bench.move(1)
    expect(bench.doc().meta.name).toBe('c')
    bench.run(rename('e'), 'record', 'drag 1')
    expect(bench.history.state().entries).toHaveLength(2)
  })

  it('keeps no step of a gesture that ends where it began', () => {
    const bench = createBench()
    bench.run(rename('before'))
    const grow = (amount: number): Command => ({
      type: 'mask.update',
      id: 'mask_a',
      changes: { grow: amount, overlay: { colour: '#ff3d71', opacity: amount / 10 } },
    })
    const { grow: start, overlay } = recordOf(bench.doc(), 'mask', 'mask_a') ?? {}
    bench.run(grow(3), 'record', 'drag')
    bench.run(
      {
        type: 'mask.update',
        id: 'mask_a',
        changes: { grow: start ?? 0, overlay: { ...overlay! } },
      },
      'record',
      'drag',
    )
    expect(bench.history.state().entries.map(({ label }) => label)).toEqual(['project.rename'])
    bench.run(grow(5), 'record', 'drag')
    expect(bench.history.state()).toMatchObject({ position: 2 })
    bench.move(-1)
    expect(recordOf(bench.doc(), 'mask', 'mask_a')?.grow).toBe(start)
    expect(bench.doc().meta.name).toBe('before')
  })

  it('does not join over a mark or over a foreign change of the same record', () => {
    const bench = createBench()
    bench.run(rename('a'), 'record', 'drag')
    bench.history.mark()
    bench.run(rename('b'), 'record', 'drag')
    expect(bench.history.state().entries).toHaveLength(2)
    bench.run(rename('c'), 'ignore')
    bench.run(rename('d'), 'record', 'drag')
    expect(bench.history.state().entries).toHaveLength(3)
    bench.run(paint(1), 'ignore')
    bench.run(rename('e'), 'record', 'drag')
    expect(bench.history.state().entries).toHaveLength(3)
  })

  it('takes along what came to depend on an undone step, and brings it back', () => {
    const bench = createBench()
    bench.run({ type: 'segment.add', segment: segment('segment_b') })
    bench.run({ type: 'take.add', take: take('take_c', 'segment_b') }, 'ignore')
    bench.move(-1)
    expect(recordOf(bench.doc(), 'take', 'take_c')).toBeUndefined()
    bench.move(1)
    expect(recordOf(bench.doc(), 'take', 'take_c')).toBeDefined()
  })

  it('undoes only the fields of the step where another change touched the record', () => {
    const bench = createBench()
    bench.run({ type: 'mask.update', id: 'mask_a', changes: { feather: 9 } })
    bench.run({ type: 'mask.update', id: 'mask_a', changes: { grow: 4 } }, 'ignore')
    bench.move(-1)
    expect(recordOf(bench.doc(), 'mask', 'mask_a')).toMatchObject({ feather: 0, grow: 4 })
    bench.move(1)
    expect(recordOf(bench.doc(), 'mask', 'mask_a')).toMatchObject({ feather: 9, grow: 4 })
  })

  it('refuses a step that no longer fits, and stays where it is', () => {
    const bench = createBench()
    bench.run({ type: 'clip.remove', id: 'clip_b' })
    bench.run({ type: 'clip.move', id: 'clip_a', start: 70 }, 'ignore')
    const before = canonicalJson(bench.doc())
    expect(bench.move(-1)).toBe('refused')
    expect(canonicalJson(bench.doc())).toBe(before)
    expect(bench.history.state().position).toBe(1)
  })

  it('changes nothing until a move is committed', () => {
    const bench = createBench()
    bench.run(rename('a'))
    bench.history.prepare(bench.doc(), -1)
    expect(bench.history.state().position).toBe(1)
    expect(bench.history.prepare(bench.doc(), -2)).toBeNull()
    expect(bench.history.prepare(bench.doc(), 1)).toBeNull()
  })
})
