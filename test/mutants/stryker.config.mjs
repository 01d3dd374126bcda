// Changes the ground floors, one small thing at a time, and sees whether a test fails: `npm run mutants`.
export default {
  mutate: ['lib/release/**/*.{js,ts}', 'lib/settings/**/*.ts'],
  testRunner: 'jest',
  coverageAnalysis: 'perTest',
  jest: {
    config: {
      testEnvironment: 'node',
      testTimeout: 300_000,
      roots: ['<rootDir>/test/release', '<rootDir>/test/settings'],
      testMatch: ['**/*.test.ts'],
      // Takes as long as all the others together; the score is reached without it.
      testPathIgnorePatterns: ['any-context'],
      transform: { '^.+\\.[jt]s$': ['@swc/jest'] },
    },
  },
  concurrency: 2,
  // A busy machine must not pass for an endless loop.
  timeoutMS: 20_000,
  // Stryker would rewrite the file by the JavaScript interface of TypeScript, which version 7 does not have.
  tsconfigFile: 'none.json',
  ignorePatterns: ['cdk.out', 'coverage', '.envoy', '.emulator', 'rehearsal-report'],
  tempDirName: 'coverage/mutants',
  reporters: ['clear-text', 'progress', 'html'],
  htmlReporter: { fileName: 'coverage/mutants.html' },
  thresholds: { high: 98, low: 95, break: 92 },
};
