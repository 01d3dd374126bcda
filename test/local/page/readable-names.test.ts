import { readableName, readableSentence } from '../../../lib/local/page/readable-names';

test.each([
  { name: 'AppGreenErrorAlarm4DD99CE3', readable: 'AppGreenErrorAlarm' },
  { name: 'AppProductionRuleBD4BCC35-2b2f3a96', readable: 'AppProductionRule' },
  { name: 'load balancer AlbLoadBalancer44085B14, port 8080', readable: 'load balancer AlbLoadBalancer, port 8080' },
  { name: 'sample-green', readable: 'sample-green' },
  { name: 'virtual service shop.local', readable: 'virtual service shop.local' },
  { name: '12345678', readable: '12345678' },
])('$name is called $readable', ({ name, readable }) => {
  expect(readableName(name)).toBe(readable);
});

test.each([
  {
    sentence: 'registered 1 targets in (target-group arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/shop-A3/bvtl4x)',
    readable: 'registered 1 targets in (target-group shop-A3)',
  },
  {
    sentence: '3 datapoints [25.925925925925927 (27/11/26 20:34:34), 25.0 (27/11/26 20:34:30)]',
    readable: '3 datapoints [25.93 (27/11/26 20:34:34), 25.0 (27/11/26 20:34:30)]',
  },
  { sentence: 'the pull of example/shop:1.4.0 failed', readable: 'the pull of example/shop:1.4.0 failed' },
])('$sentence', ({ sentence, readable }) => {
  expect(readableSentence(sentence)).toBe(readable);
});
