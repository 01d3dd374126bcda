// Ends before it listens.
console.error('no database');
process.exitCode = 3;
