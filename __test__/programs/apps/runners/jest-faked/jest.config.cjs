// Mock timers are in place before the driver is loaded. The clock that measures how long a turn has been goes
// on: with it standing still, no turn is ever too long.
module.exports = { fakeTimers: { enableGlobally: true, doNotFake: ['performance'] } }
