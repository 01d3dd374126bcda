import { testGuardOn } from './guard-on-plane';

testGuardOn('lattice');
