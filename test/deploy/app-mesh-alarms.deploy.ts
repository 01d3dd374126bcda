import { testAlarmsOn } from './alarms-on-plane';

testAlarmsOn('app-mesh');
