// The first import of every script, in syntax that old versions of Node can read, so that they get to say this.
const wanted = [20, 19];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < wanted[0] || (major === wanted[0] && minor < wanted[1])) {
  process.stderr.write(
    `latchkey needs Node ${wanted.join('.')} or newer; this is ${process.versions.node} (${process.execPath}).\n` +
      'Install a current release from https://nodejs.org, or switch with your version manager ("nvm use").\n',
  );
  process.exit(1);
}
