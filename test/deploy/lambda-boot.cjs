/** What Lambda's runtime does with a bundle, in a process of its own: load it from its file once, call it for each event. */
const [bundle, scale, start] = process.argv.slice(2);
const origin = performance.now();
const now = () => Math.floor(Number(start) + (performance.now() - origin) * Number(scale));

globalThis[Symbol.for('viridian.clock')] = {
  now,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds / Number(scale))),
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
