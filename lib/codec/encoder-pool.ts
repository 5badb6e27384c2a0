/**
 * The encoder of this thread. Requests are written one at a time, so all drivers share one encoder, and a
 * thread without requests has none. It releases its memory when it is idle.
 */

import { setTimeout } from 'node:timers'
import { Encoder } from './encoder.js'

// Absent while in use: a getter of a parameter object may run another query.
let spare: Encoder | undefined
/** Whether a large request was written since the timer was set. */
let large = false
let timer: NodeJS.Timeout | undefined

/**
 * Milliseconds without another large request after which the memory of the last one is released; at most
 * twice that.
 */
const REST = 1000

/** An encoder without content, to use until {@link giveBack}. */
export function takeEncoder(): Encoder {
  const encoder = spare ?? new Encoder()
  spare = undefined
  encoder.reset()
  return encoder
}

/** The bytes that it returned are no longer valid. */
export function giveBack(encoder: Encoder): void {
  if (encoder.secret) encoder.wipe()
  spare = encoder
  if (encoder.isLarge) rest()
}

/** Waits for a rest before it releases the memory, so that a series of large requests keeps it. */
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
