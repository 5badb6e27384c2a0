// Mock timers are in place before the driver is loaded.
module.exports = { fakeTimers: { enableGlobally: true } }
