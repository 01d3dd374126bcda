import { keyNames } from '../../lib/settings/keys';
import { unknownKeyProblems } from '../../lib/settings/unknown-keys';

const noSuggestion = "expected one of the keys in docs/keys.md; give another tool's key a prefix, as in tool:key";

test.each([
  ['a letter too few', 'bluActive', 'bluActive: got an unknown key, did you mean blueActive?'],
  ['two letters that changed places', 'alamrs', 'alamrs: got an unknown key, did you mean alarms?'],
  ['other capitals', 'BLUEACTIVE', 'BLUEACTIVE: got an unknown key, did you mean blueActive?'],
  ['another word in a long key', 'healthcheckAnswerCodes', `healthcheckAnswerCodes: got an unknown key, ${noSuggestion}`],
  [
    'a long key with a third of it wrong',
    'logRetentionTime',
    'logRetentionTime: got an unknown key, did you mean logRetentionDays?',
  ],
  ['a short key with three letters wrong', 'vpcArn', `vpcArn: got an unknown key, ${noSuggestion}`],
  ['something else', 'colour', `colour: got an unknown key, ${noSuggestion}`],
  ['a key that does not read well', 'my key', `"my key": got an unknown key, ${noSuggestion}`],
  ['a key with a line break', 'key\n', `"key\\n": got an unknown key, ${noSuggestion}`],
])('%s', (_, key, problem) => {
  expect(unknownKeyProblems([key])).toEqual([problem]);
});

test.each([
  ['of this app', keyNames],
  ['of the CDK', ['acknowledged-issue-numbers', 'cli-telemetry', 'tree', '@aws-cdk/core:checkSecretUsage', 'aws:cdk:toolkit']],
  ['of other tools', ['tool:key', 'tool/key', 'vpc-provider:account=1:region=x']],
])('leaves the keys %s alone', (_, keys) => {
  expect(unknownKeyProblems(keys)).toEqual([]);
});
