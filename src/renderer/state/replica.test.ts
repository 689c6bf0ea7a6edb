import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyAll } from '../../shared/document/apply.js'
import type { Command } from '../../shared/document/commands.js'
import { isEmptyDiff } from '../../shared/document/diff.js'
import type { Diff } from '../../shared/document/diff.js'
import type { ProjectDoc } from '../../shared/document/model.js'
import { acknowledge, createReplica, drop, propose, receive, resync } from './replica.js'
import type { Replica } from './replica.js'

const EMPTY: ProjectDoc = {
  meta: {
    id: 'project_1',
    name: 'Film',
    createdAt: '2025-01-01T00:00:00.000Z',
    fps: { num: 25, den: 1 },
    width: 640,
    height: 360,
  },
  records: {},
}

const marker = (id: number, frame: number): Command => ({
  type: 'marker.add',
  marker: { id: `marker_${id}`, type: 'marker', frame, label: '' },
})
const move = (id: number, frame: number): Command => ({
  type: 'marker.update',
  id: `marker_${id}`,
  changes: { frame },
})
const remove = (id: number): Command => ({ type: 'marker.remove', id: `marker_${id}` })
const rename = (name: string): Command => ({ type: 'project.rename', name })

function applied(doc: ProjectDoc, commands: readonly Command[]): { doc: ProjectDoc; diff: Diff } {
  const outcome = applyAll(doc, commands)
  if (!outcome.ok) throw new Error(outcome.error.message)
  return outcome
}

function proposed(replica: Replica, origin: string, ...commands: Command[]): Replica {
  const outcome = propose(replica, origin, commands)
  if (!outcome.ok) throw new Error(outcome.error.message)
  return outcome.replica
}

/** As it comes over the wire. */
const wire = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

describe('replica', () => {
  it('shows own commands before they are confirmed, and refuses impossible ones', () => {
    const replica = proposed(createReplica(EMPTY, 0), 'me-1', marker(1, 10))
    expect(replica.doc.records['marker_1']).toMatchObject({ frame: 10 })
    expect(replica.confirmed.records).toEqual({})
    expect(propose(replica, 'me-2', [marker(1, 20)])).toMatchObject({
      ok: false,
      error: { code: 'command-rejected' },
    })
  })

  it('keeps the identity of every record when its own change comes back', () => {
    const before = proposed(createReplica(EMPTY, 0), 'me-1', marker(1, 10))
    const { diff } = applied(EMPTY, [marker(1, 10)])
    const after = receive(before, { seq: 1, diff: wire(diff), origin: 'me-1' })
    expect(after.pending).toEqual([])
    expect(after.doc).toBe(before.doc)
    expect(after.confirmed.records['marker_1']).toBe(before.doc.records['marker_1'])
  })

  it('rebases what is pending on top of a foreign change', () => {
    const start = applied(EMPTY, [marker(1, 10)]).doc
    const mine = proposed(createReplica(start, 1), 'me-1', rename('Mine'))
    const { diff } = applied(start, [move(1, 99)])
    const both = receive(mine, { seq: 2, diff, origin: 'other-1' })
    expect(both.doc.meta.name).toBe('Mine')
    expect(both.doc.records['marker_1']).toMatchObject({ frame: 99 })
    expect(both.confirmed.meta.name).toBe('Film')
  })

  it('hides a pending change that a foreign one made impossible, until core refuses it', () => {
    const start = applied(EMPTY, [marker(1, 10)]).doc
    const mine = proposed(createReplica(start, 1), 'me-1', move(1, 20))
    const { diff } = applied(start, [remove(1)])
    const after = receive(mine, { seq: 2, diff, origin: 'other-1' })
    expect(after.doc.records).toEqual({})
    expect(after.pending).toHaveLength(1)
    expect(drop(after, 'me-1').pending).toEqual([])
  })

  it('takes back refused commands and keeps the later ones', () => {
    let replica = proposed(createReplica(EMPTY, 0), 'me-1', rename('First'))
    replica = proposed(replica, 'me-2', marker(1, 5))
    replica = drop(replica, 'me-1')
    expect(replica.doc.meta.name).toBe('Film')
    expect(replica.doc.records['marker_1']).toBeDefined()
  })

  it('ignores events it has seen already', () => {
    const { doc, diff } = applied(EMPTY, [marker(1, 5)])
    const replica = createReplica(doc, 1)
    expect(receive(replica, { seq: 1, diff, origin: null })).toBe(replica)
  })

  it('forgets a change without effect, which core answers but never announces', () => {
    let replica = proposed(createReplica(EMPTY, 0), 'me-1', rename('new'))
    replica = proposed(replica, 'me-2', marker(1, 5), remove(1))
    replica = acknowledge(replica, 'me-2', 1)
    const { diff } = applied(EMPTY, [rename('new')])
    replica = receive(replica, { seq: 1, diff, origin: 'me-1' })
    expect(replica.pending).toEqual([])
    expect(replica.doc.meta.name).toBe('new')
  })

  it('forgets what the state read after a lost connection already holds', () => {
    let replica = proposed(createReplica(EMPTY, 0), 'me-1', marker(1, 5))
    replica = proposed(replica, 'me-2', marker(2, 6))
    replica = acknowledge(replica, 'me-1', 1)
    expect(replica.pending).toHaveLength(2)
    const { doc } = applied(EMPTY, [marker(1, 5)])
    replica = resync(replica, doc, 1)
    expect(replica.pending.map((one) => one.origin)).toEqual(['me-2'])
    expect(Object.keys(replica.doc.records)).toEqual(['marker_1', 'marker_2'])
  })
})

const command = fc.oneof(
  fc.record({ id: fc.nat(5), frame: fc.nat(1000) }).map(({ id, frame }) => marker(id, frame)),
  fc.record({ id: fc.nat(5), frame: fc.nat(1000) }).map(({ id, frame }) => move(id, frame)),
  fc.nat(5).map(remove),
  fc
    .string({ minLength: 1, maxLength: 8, unit: 'grapheme-ascii' })
    .map((name) => rename(`x${name}`)),
)

describe('replica and core', () => {
  it('agree once everything has arrived, whatever was sent by whom and came back in which order', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('mine' as const),
        commands: fc.array(command, { minLength: 1, maxLength: 3 }),
      }),
      fc.record({
        kind: fc.constant('foreign' as const),
        commands: fc.array(command, { minLength: 1, maxLength: 3 }),
      }),
      // Core takes the oldest request; the answer comes before the event, or after it.
      fc.record({ kind: fc.constant('work' as const), answerFirst: fc.boolean() }),
      fc.record({ kind: fc.constant('hear' as const) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let core = EMPTY
        let seq = 0
        let replica = createReplica(EMPTY, 0)
        const sent: { origin: string; commands: Command[] }[] = []
        const events: { seq: number; diff: Diff; origin: string | null }[] = []
        const late: (() => void)[] = []

        const hear = (): void => {
          const event = events.shift()
          if (event) replica = receive(replica, event)
        }
        const work = (answerFirst: boolean): void => {
          const request = sent.shift()
          if (!request) return
          const outcome = applyAll(core, request.commands)
          const changed = outcome.ok && !isEmptyDiff(outcome.diff)
          if (outcome.ok && changed) {
            core = outcome.doc
            seq += 1
            events.push({ seq, diff: wire(outcome.diff), origin: request.origin })
          }
          const answered = seq
          const answer = (): void => {
            replica = outcome.ok
              ? acknowledge(replica, request.origin, answered)
              : drop(replica, request.origin)
          }
          if (answerFirst) answer()
          else late.push(answer)
        }

        steps.forEach((one, index) => {
          if (one.kind === 'mine') {
            const outcome = propose(replica, `me-${index}`, one.commands)
            if (!outcome.ok) return
            replica = outcome.replica
            sent.push({ origin: `me-${index}`, commands: one.commands })
          } else if (one.kind === 'foreign') {
            const outcome = applyAll(core, one.commands)
            if (!outcome.ok || isEmptyDiff(outcome.diff)) return
            core = outcome.doc
            seq += 1
            events.push({ seq, diff: wire(outcome.diff), origin: 'other' })
          } else if (one.kind === 'work') work(one.answerFirst)
          else hear()
        })
        while (sent.length > 0) work(false)
        while (events.length > 0) hear()
        late.forEach((answer) => answer())

        expect(replica.pending).toEqual([])
        expect(replica.seq).toBe(seq)
        expect(replica.doc).toEqual(core)
      }),
      { numRuns: 300 },
    )
  })
})
