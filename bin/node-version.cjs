// Loaded before everything else, in plain JavaScript that also an old Node reads: says in one line what Node is wanted.
var wanted = 20;
var major = Number(process.versions.node.split('.')[0]);

if (major < wanted) {
  console.error(
    'Node.js: got ' +
      process.versions.node +
      ', expected ' +
      wanted +
      ' or later; install one from https://nodejs.org and try again',
  );
  process.exit(1);
}
