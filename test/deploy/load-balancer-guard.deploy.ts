import { testGuardOn } from './guard-on-plane';

testGuardOn('load-balancer');
