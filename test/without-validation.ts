// The built-in template validation takes seconds per synth. It has tests of its own, and `cdk synth --strict` in CI.
process.env.CDK_VALIDATION = 'false';
