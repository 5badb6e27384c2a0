/**
 * The encoder of this thread: requests are written one at a time, so all drivers share one, and a thread
 * without requests has none. It gives its memory back when it is idle.
 */

import { setTimeout } from 'node:timers'
import { Encoder } from './encoder.js'

// Absent while in use: a getter of a parameter object may run another query.
let spare: Encoder | undefined
/** Whether a large request was written since the timer was set. */
let large = false
let timer: NodeJS.Timeout | undefined

/**
 * Milliseconds without another large request after which the memory of the last one is given back; twice that
 * at most.
 */
const REST = 1000

/** An encoder that has written nothing, until it is given back. */
export function takeEncoder(): Encoder {
  const encoder = spare ?? new Encoder()
  spare = undefined
  encoder.reset()
  return encoder
}

/** What it gave is not valid any more. */
export function giveBack(encoder: Encoder): void {
  if (encoder.secret) encoder.wipe()
  spare = encoder
  if (encoder.isLarge) rest()
}

/** Whoever sends one large request after the other is not to pay for the memory of each. */
function rest(): void {
  large = true
  if (timer !== undefined) return
  timer = setTimeout(() => {
    timer = undefined
    if (spare?.isLarge !== true) return
    if (large) rest()
    else spare = undefined
    large = false
  }, REST)
  timer.unref()
}
