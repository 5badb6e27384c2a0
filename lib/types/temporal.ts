/** The temporal types under one name. */

export { Date, DateTime, isDate, isDateTime, isLocalDateTime, LocalDateTime } from './date-time.js'
export { Duration, isDuration } from './duration.js'
export { isLocalTime, isTime, LocalTime, Time } from './time.js'
