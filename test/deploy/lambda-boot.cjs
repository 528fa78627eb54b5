/** What Lambda's runtime does with a bundle, in a process of its own: load it from its file once, call it for each event. */
const [bundle, ...clock] = process.argv.slice(2);
// The clock of the run showed `start` at the real time `at`: all processes count from there, whenever they were started.
const [scale, start, at] = clock.map(Number);
const now = () => Math.floor(start + (performance.timeOrigin + performance.now() - at) * scale);

globalThis[Symbol.for('viridian.clock')] = {
  now,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds / scale)),
};

const { handler } = require(bundle);

process.on('message', async ({ id, event }) => {
  try {
    const result = await handler(event, {});
    process.send({ id, payload: JSON.stringify(result ?? null) });
  } catch (error) {
    process.send({ id, error: { name: error.name, message: error.message } });
  }
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });
