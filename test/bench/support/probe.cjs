// Loaded before a server that is measured: answers what it has used so far. An idle one costs the server nothing.
process.on('message', ({ ask }) => {
  const sdk = Object.keys(require.cache).filter((file) => /node_modules[\\/]@(aws-sdk|smithy)[\\/]/.test(file)).length;
  process.send({ ask, cpu: process.cpuUsage(), rss: process.memoryUsage.rss(), sdk });
});
// Nor does it outlive who measures it.
process.once('disconnect', () => process.exit());
process.channel?.unref();
