// Loaded before everything else, in plain JavaScript that also an old Node reads: says in one line what Node is wanted.
var wanted = [20, 3];
var got = process.versions.node.split('.').map(Number);

if (got[0] < wanted[0] || (got[0] === wanted[0] && got[1] < wanted[1])) {
  console.error(
    'Node.js: got ' +
      process.versions.node +
      ', expected ' +
      wanted.join('.') +
      ' or later; install one from https://nodejs.org and try again',
  );
  process.exit(1);
}
