import { testGuardOn } from './guard-on-plane';

testGuardOn('app-mesh');
