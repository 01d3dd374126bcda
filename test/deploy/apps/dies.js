// An app that ends before it listens.
console.error('no configuration');
process.exit(3);
