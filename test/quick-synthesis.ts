// The built-in template validation takes seconds per synth. It has tests of its own, and `cdk synth --strict` in CI.
process.env.CDK_VALIDATION = 'false';

// Where each construct was made takes a third of a synth, since Jest looks it up in source maps.
process.env.CDK_CONTEXT_JSON = JSON.stringify({ 'aws:cdk:disable-creation-stack-traces': true });
