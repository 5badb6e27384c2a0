/** The value types: values of servers and parameters that JavaScript has no type for. */

export type { NumberOrInteger, StandardDate } from './check.js'
export type { Properties } from './graph.js'
export {
  isNode,
  isPath,
  isPathSegment,
  isRelationship,
  isUnboundRelationship,
  Node,
  Path,
  PathSegment,
  Relationship,
  UnboundRelationship,
} from './graph.js'
export type { Integerable, IntegerOptions } from './integer.js'
export { Integer, inSafeRange, int, isInt, toNumber, toString } from './integer.js'
export { isPoint, Point } from './spatial.js'
export {
  Date,
  DateTime,
  Duration,
  isDate,
  isDateTime,
  isDuration,
  isLocalDateTime,
  isLocalTime,
  isTime,
  LocalDateTime,
  LocalTime,
  Time,
} from './temporal.js'
export { isUnsupportedType, UnsupportedType } from './unsupported-type.js'
export { isUUID, UUID, uuid } from './uuid.js'
export type { VectorArray, VectorType } from './vector.js'
export { isVector, Vector, vector } from './vector.js'
