import { testAlarmsOn } from './alarms-on-plane';

testAlarmsOn('lattice');
