import type { ErrorData } from '../../shared/contract/errors.js'
import { applyAll } from '../../shared/document/apply.js'
import type { Command } from '../../shared/document/commands.js'
import { applyDiff } from '../../shared/document/diff.js'
import type { Diff } from '../../shared/document/diff.js'
import type { ProjectDoc } from '../../shared/document/model.js'
import { sameData } from '../../shared/document/sameData.js'

/**
 * The renderer's optimistic copy of the document: what core has confirmed, with this
 * window's own commands that are still on their way applied on top. Pure.
 */
export interface Replica {
  readonly confirmed: ProjectDoc
  /** Core's sequence number of `confirmed`. */
  readonly seq: number
  readonly pending: readonly Pending[]
  /** What to show: `confirmed` when nothing is pending. */
  readonly doc: ProjectDoc
}

interface Pending {
  readonly origin: string
  readonly commands: readonly Command[]
  /** Its effect on the document below it; null when it no longer applies there. */
  readonly diff: Diff | null
  /** The sequence number core answered with, when the answer came before the event. */
  readonly acknowledged: number | null
}

export function createReplica(doc: ProjectDoc, seq: number): Replica {
  return { confirmed: doc, seq, pending: [], doc }
}

/** Shows commands before core has seen them. The same origin again adds to what is pending under it. */
export function propose(
  replica: Replica,
  origin: string,
  commands: readonly Command[],
):
  | { readonly ok: true; readonly replica: Replica }
  | { readonly ok: false; readonly error: ErrorData } {
  const outcome = applyAll(replica.doc, commands)
  if (!outcome.ok) return outcome
  const last = replica.pending.at(-1)
  if (last?.origin === origin) {
    const merged = { ...last, commands: [...last.commands, ...commands] }
    return { ok: true, replica: rebuild(replica, [...replica.pending.slice(0, -1), merged]) }
  }
  const added: Pending = { origin, commands, diff: outcome.diff, acknowledged: null }
  return {
    ok: true,
    replica: { ...replica, pending: [...replica.pending, added], doc: outcome.doc },
  }
}

/** A change that core made, by anyone. Own commands are rebased on top of a foreign one. */
export function receive(
  replica: Replica,
  event: { readonly seq: number; readonly diff: Diff; readonly origin: string | null },
): Replica {
  if (event.seq <= replica.seq) return replica
  const [first, ...rest] = replica.pending
  const alone = !rest.some((pending) => isContained(pending, event.seq))
  if (alone && first?.diff && first.origin === event.origin && sameData(first.diff, event.diff)) {
    // What is on screen is right already: keep every record's identity, so that nothing redraws.
    return {
      ...replica,
      confirmed: applyDiff(replica.confirmed, first.diff),
      seq: event.seq,
      pending: rest,
    }
  }
  const confirmed = applyDiff(replica.confirmed, event.diff)
  return rebuild(
    { ...replica, confirmed, seq: event.seq },
    replica.pending.filter(
      (pending) => pending.origin !== event.origin && !isContained(pending, event.seq),
    ),
  )
}

/** Core's answer to a dispatch. The change itself arrives as an event, before or after this. */
export function acknowledge(replica: Replica, origin: string, seq: number): Replica {
  if (!replica.pending.some((pending) => pending.origin === origin)) return replica
  if (replica.seq >= seq) return drop(replica, origin)
  return {
    ...replica,
    pending: replica.pending.map((pending) =>
      pending.origin === origin ? { ...pending, acknowledged: seq } : pending,
    ),
  }
}

/** Takes back commands that core refused or never got. */
export function drop(replica: Replica, origin: string): Replica {
  if (!replica.pending.some((pending) => pending.origin === origin)) return replica
  return rebuild(
    replica,
    replica.pending.filter((pending) => pending.origin !== origin),
  )
}

/** The whole document read again, after a lost connection: what is still unanswered stays on top. */
export function resync(replica: Replica, doc: ProjectDoc, seq: number): Replica {
  if (seq < replica.seq) return replica
  return rebuild(
    { ...replica, confirmed: doc, seq },
    replica.pending.filter((pending) => !isContained(pending, seq)),
  )
}

function isContained(pending: Pending, seq: number): boolean {
  return pending.acknowledged !== null && pending.acknowledged <= seq
}

function rebuild(replica: Replica, pending: readonly Pending[]): Replica {
  let doc = replica.confirmed
  const rebased = pending.map((entry): Pending => {
    const outcome = applyAll(doc, entry.commands)
    // Core will refuse it for the same reason, and its refusal is what the person hears of.
    if (!outcome.ok) return { ...entry, diff: null }
    doc = outcome.doc
    return { ...entry, diff: outcome.diff }
  })
  return { ...replica, pending: rebased, doc }
}
