// Lets Node.js run the sources, as `-r tsx/cjs` does, but for the files of packages, which it loads as they are: tsx would look through each of
// them, and with clients of the AWS SDK that takes longer than all that a rollback does besides.
const Module = require('node:module');

const asItIs = Module._extensions['.js'];
require('tsx/cjs');
const asSource = Module._extensions['.js'];
Module._extensions['.js'] = (module, file) => (/[\\/]node_modules[\\/]/.test(file) ? asItIs : asSource)(module, file);
