/** Runs one part and sends its figures to the process that asked. */
const { part, settings } = JSON.parse(process.argv[2]);
const { measure } = await import(`./parts/${part}.mjs`);
const figures = await measure(settings);
process.send(Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${part}.${name}`, value])));
process.disconnect();
