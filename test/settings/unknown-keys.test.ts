import { FLAGS } from 'aws-cdk-lib/cx-api';
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
  ['a slash in a key', 'blue/Active', '"blue/Active": got an unknown key, did you mean blueActive?'],
  ['a sign in front of a key', '@blueActive', '"@blueActive": got an unknown key, did you mean blueActive?'],
  ['a scope that is no prefix', '@aws-cdk/core', `"@aws-cdk/core": got an unknown key, ${noSuggestion}`],
  ['a colon for =', 'blueWeight:5', '"blueWeight:5": got an unknown key, did you mean blueWeight?'],
  ['a colon for = in other capitals', 'BLUEWEIGHT:5', '"BLUEWEIGHT:5": got an unknown key, did you mean blueWeight?'],
  ['a colon at the end', 'tool:', `"tool:": got an unknown key, ${noSuggestion}`],
  ['a colon in front', ':key', `":key": got an unknown key, ${noSuggestion}`],
  ['a prefix of two words', 'my tool:key', `"my tool:key": got an unknown key, ${noSuggestion}`],
  ['no key at all', '', `"": got an unknown key, ${noSuggestion}`],
  ['a key with a line break', 'key\n', `"key\\n": got an unknown key, ${noSuggestion}`],
])('%s', (_, key, problem) => {
  expect(unknownKeyProblems([key])).toEqual([problem]);
});

test.each([
  ['of this app', keyNames],
  ['of the CDK', ['acknowledged-issue-numbers', 'cli-telemetry', 'tree', '@aws-cdk/core:checkSecretUsage', 'aws:cdk:toolkit']],
  ['that are feature flags of the CDK', Object.keys(FLAGS)],
  [
    'of what the CDK has looked up',
    [
      'vpc-provider:account=1:filter.vpc-id=vpc-1:region=x:returnAsymmetricSubnets=true',
      'availability-zones:account=1:region=x',
      'hosted-zone:account=1:domainName=example.com:region=x',
      'ssm:account=1:parameterName=/a/b:region=x',
      'ami:account=1:filters.image-type.0=machine:region=x',
      'load-balancer-listener:account=1:region=x',
    ],
  ],
  ['of other tools', ['tool:key', '@scope/tool:key', 'alarm:key']],
])('leaves the keys %s alone', (_, keys) => {
  expect(unknownKeyProblems(keys)).toEqual([]);
});
